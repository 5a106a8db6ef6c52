/** The rows of the page: tasks, or workers whose runs never cover each other; and the search. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barAt, signAt } from '../../src/gantt/hit.mjs';
import { matching, taskRows, workerRows } from '../../src/gantt/rows.mjs';
import { around, followed, panned, zoomed } from '../../src/gantt/view.mjs';
import { chosenSeed } from '../kit/seed.ts';

/** A task with one run of a painter on the quay. */
function life(index: number, fromAtMs: number, toAtMs: number) {
  const taskId = `T-${index}`;
  const whose = { taskId, runId: `R-${index}`, attempt: 1, assignee: 'painter', host: 'quay' };
  const places = { fromPosition: 1, toPosition: 2, isOpen: false, why: 'it was claimed' };
  const bar = { kind: 'running', fromAtMs, toAtMs, ...whose, ...places };
  return { taskId, title: `Paint ${index}`, bars: [bar], signs: [] };
}

describe('rows of workers', () => {
  test('hold every run once, and none over another', () => {
    const anyRun = fc.tuple(fc.nat(1_000), fc.nat(300));
    fc.assert(
      fc.property(fc.array(anyRun), (runs) => {
        const lives = runs.map(([from, ms], index) => life(index, from, from + ms));
        const rows = workerRows(lives);
        const held = rows.flatMap((row) => row.bars.map(({ runId }) => runId));
        expect([...held].sort()).toEqual(lives.map(({ bars }) => bars[0]?.runId).sort());
        for (const { bars } of rows) {
          for (const [index, bar] of bars.entries()) {
            const next = bars[index + 1];
            if (next !== undefined) expect(next.fromAtMs).toBeGreaterThanOrEqual(bar.toAtMs);
          }
        }
      }),
      chosenSeed,
    );
  });

  test('name the worker once', () => {
    const rows = workerRows([life(1, 0, 10), life(2, 5, 15), life(3, 12, 20)]);

    expect(rows.map(({ label, detail }) => [label, detail])).toEqual([
      ['painter', 'quay'],
      ['', ''],
    ]);
  });
});

test('a search keeps the rows in which every word stands', () => {
  const rows = taskRows([life(1, 0, 10), life(2, 5, 15)]);

  expect(matching(rows, 'paint 2').map(({ key }) => key)).toEqual(['T-2']);
  expect(matching(rows, 'QUAY running')).toHaveLength(2);
  expect(matching(rows, 'quay suspect')).toEqual([]);
  expect(matching(rows, ' ')).toBe(rows);
});

describe('what is pointed at', () => {
  const [row] = taskRows([life(1, 100, 200)]);
  const thin = { ...row!.bars[0]!, fromAtMs: 200, toAtMs: 201 };
  const sign = { kind: 'human', what: '', atMs: 150, position: 3, taskId: '', runId: '', by: '' };
  const full = { ...row!, bars: [...row!.bars, thin], signs: [sign] };

  test('is the stretch there, or a thin one beside', () => {
    expect(barAt(full, 120, 5)).toBe(full.bars[0]);
    expect(barAt(full, 197, 5)).toBe(thin);
    expect(barAt(full, 300, 5)).toBeUndefined();
  });

  test('is a mark when it is near', () => {
    expect(signAt(full, 154, 5)).toBe(sign);
    expect(signAt(full, 156, 5)).toBeUndefined();
  });
});

describe('the view', () => {
  const whole = around({ fromAtMs: 0, toAtMs: 1_000 });

  test('keeps the moment it zooms at in its place', () => {
    const near = zoomed(whole, 1 / 2, 250, whole);
    const share = (view: typeof whole) => (250 - view.fromAtMs) / (view.toAtMs - view.fromAtMs);

    expect(share(near)).toBeCloseTo(share(whole));
    expect(near.toAtMs - near.fromAtMs).toBeCloseTo(520);
  });

  test('goes on with the end when it reached there, and stays when it did not', () => {
    const later = around({ fromAtMs: 0, toAtMs: 2_000 });
    const end = { fromAtMs: 900, toAtMs: whole.toAtMs };
    const middle = { fromAtMs: 300, toAtMs: 600 };

    expect(followed(whole, whole, later)).toEqual(later);
    expect(followed(end, whole, later).toAtMs).toBeCloseTo(later.toAtMs);
    expect(followed(middle, whole, later)).toBe(middle);
  });

  test('never leaves what there is to see', () => {
    const far = panned(zoomed(whole, 1 / 4, 500, whole), 1e9, whole);

    expect((far.fromAtMs + far.toAtMs) / 2).toBeCloseTo(whole.toAtMs);
    expect(zoomed(whole, 1e9, 500, whole).toAtMs).toBeLessThan(2_000);
  });
});
