/** A bit that flips in a stored log is noticed, or makes no difference; it never lies. */
import { expect, test } from 'vitest';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { rot } from '../../tools/bitrot/attack.ts';
import { withScratch } from '../../tools/trial/scratch.ts';
import { beganAtMs, writeBeatingRuns } from '../kit/beating-log.ts';
import { thinAll } from '../kit/thin-log.ts';

test('a damaged byte is noticed or makes no difference, and a missing end is noticed', {
  timeout: 120_000,
}, async () => {
  const { broken, figures } = await withScratch((directory) =>
    rot({ events: 200, step: 197, seed: 1, directory }),
  );

  expect(broken).toEqual([]);
  expect(figures['found when read']).toBeGreaterThan(150);
  expect(figures['refused at opening']).toBeGreaterThan(0);
});

test('in a log that was thinned as well', { timeout: 120_000 }, async () => {
  const { broken, figures } = await withScratch((directory) =>
    rot({ events: 0, step: 397, seed: 1, directory, fill: writeThinned }),
  );

  expect(broken).toEqual([]);
  expect(figures['found when read']).toBeGreaterThan(50);
});

/** Two runs, one of which is open, so that beats that are left stand between the gaps. */
async function writeThinned(log: SqliteLog): Promise<void> {
  await writeBeatingRuns(log, { runs: 2, beats: 150, isOpen: (run) => run === 1 });
  expect(await thinAll(log, beganAtMs + 10 * 365 * 86_400_000)).toBe(150);
}
