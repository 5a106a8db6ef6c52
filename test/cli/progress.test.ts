/** Long work, told where there is no terminal to draw on. */
import { expect, test } from 'vitest';
import { createProgressLines } from '../../src/cli/progress-lines.ts';

/** Lines of work that has come so far at so many seconds. */
function linesOf(told: readonly (readonly [seconds: number, stage: string, done: number])[]) {
  const lines: string[] = [];
  let atMs = 0;
  const write = (text: string) => void lines.push(text);
  const stderr = { write, isTerminal: false, columns: undefined };
  const tell = createProgressLines({ stderr, nowMs: () => atMs });
  for (const [seconds, stage, done] of told) {
    atMs = seconds * 1_000;
    tell(stage, { done, total: 1_000_000 });
  }
  return lines;
}

test('work of less than five seconds is not talked about', () => {
  expect(linesOf([1, 2, 3, 4].map((s) => [s, 'rebuilding', s * 200_000]))).toEqual([]);
});

test('longer work says every five seconds how far it is and what is left', () => {
  const steps = [0, 2, 4, 5, 7, 9, 10].map((s) => [s, 'rebuilding', s * 50_000] as const);
  expect(linesOf(steps)).toEqual([
    'rebuilding: 250,000 of 1,000,000 (25 %), about 15s left\n',
    'rebuilding: 500,000 of 1,000,000 (50 %), about 10s left\n',
  ]);
});

test('the time that is left is reckoned from the pace of the stage', () => {
  const lines = linesOf([
    [0, 'chain', 0],
    [4, 'chain', 1_000_000],
    [4, 'tables', 0],
    [8, 'tables', 100_000],
  ]);
  expect(lines).toEqual(['tables: 100,000 of 1,000,000 (10 %), about 36s left\n']);
});
