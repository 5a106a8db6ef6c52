/** The guide to `why` has every rule, and no other. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruleNames } from '../../src/domain/why/explanation.ts';

test('the guide lists every rule of why', () => {
  const guide = readFileSync(new URL('../../docs/history.md', import.meta.url), 'utf8');
  const table = guide.slice(guide.indexOf('### The rules'), guide.indexOf('### For programs'));
  const cells = table.split('\n').map((line) => line.split('|')[1] ?? '');
  const documented = cells.flatMap((cell) => cell.match(/`[a-z_]+`/g) ?? []);
  expect(documented.map((name) => name.replaceAll('`', '')).sort()).toEqual([...ruleNames].sort());
});
