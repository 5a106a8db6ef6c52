/** Tables on terminals of all widths. */
import { expect, test } from 'vitest';
import { styleFor } from '../../src/cli/style.ts';
import { type Column, renderTable } from '../../src/cli/table.ts';
import { cutTo, widthOf } from '../../src/cli/width.ts';

const columns: readonly Column[] = [
  { head: 'ID' },
  { head: 'TITLE', stretch: true },
  { head: 'N', align: 'right' },
];

function style(width: number | undefined, isTerminal = false, environment = {}) {
  const sink = { write: () => {}, isTerminal, columns: width };
  return styleFor(sink, { environment }, true);
}

test('a table fits the terminal: its one long column is cut', () => {
  const rows = [
    ['T-1', 'a title that goes on and on and on and on', '7'],
    ['T-22', 'short', '12'],
  ];

  expect(renderTable(columns, rows, style(40))).toBe(
    [
      'ID    TITLE                            N',
      'T-1   a title that goes on and on a…   7',
      'T-22  short                           12',
    ].join('\n'),
  );
});

test('nothing is cut where nobody looks', () => {
  const title = 'x'.repeat(300);

  expect(renderTable(columns, [['T-1', title, '7']], style(undefined))).toContain(title);
});

test('characters that take two columns are counted as two', () => {
  const rows = [
    ['T-1', '日本語', '1'],
    ['T-2', 'abcdef', '1'],
  ];
  const lines = renderTable(columns, rows, style(80)).split('\n');

  expect(lines.map(widthOf)).toEqual([widthOf(lines[0]!), widthOf(lines[0]!), widthOf(lines[0]!)]);
  expect(cutTo(5, '日本語テスト')).toBe('日本…');
});

test('colours take no room, and are there only on a terminal that wants them', () => {
  const painted = style(80, true).paint('good', 'done');

  expect(painted).not.toBe('done');
  expect(widthOf(painted)).toBe(4);
  expect(style(80, false).paint('good', 'done')).toBe('done');
  expect(style(80, true, { NO_COLOR: '1' }).paint('good', 'done')).toBe('done');
  expect(style(80, true, { TERM: 'dumb' }).paint('good', 'done')).toBe('done');
});

test('accents that stand on a letter take no room of their own', () => {
  expect(widthOf('e\u0301')).toBe(1);
});
