/**
 * Time that goes wrong for real dispatchers takes no run from anybody who lives. `npm run clock`
 * does it for longer.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findFaketime } from '../../tools/clock/faketime.ts';
import { playBlock, playSteps, playSuspension } from '../../tools/clock/plays.ts';
import type { Outcome } from '../../tools/clock/stage.ts';
import { bundleChild } from '../kit/child.ts';
import { chosenSeed } from '../kit/seed.ts';
import { tempDir } from '../kit/temp-dir.ts';

const faketime = findFaketime();
if (faketime === undefined) {
  console.warn('SKIPPED: clock steps. Needs libfaketime: apt-get install faketime');
}

async function staging(rounds: number) {
  const program = await bundleChild(
    fileURLToPath(new URL('../../tools/trial/dispatcher-process.ts', import.meta.url)),
  );
  const seed = chosenSeed.seed ?? Date.now() % 2 ** 31;
  return { directory: join(tempDir(), 'stage'), program, rounds, seed };
}

function expectNobodyHarmed({ tasks, wrongs }: Outcome): void {
  expect(wrongs).toEqual([]);
  expect(tasks).toBeGreaterThan(10);
}

test.skipIf(faketime === undefined)(
  'wall clocks may step by an hour and a day, both ways, each dispatcher’s on its own',
  { timeout: 120_000 },
  async () => {
    expectNobodyHarmed(await playSteps(await staging(1), faketime ?? ''));
  },
);

test('dispatchers may be stopped, or their event loops blocked, for several leases', {
  timeout: 120_000,
}, async () => {
  const plays = [playSuspension(await staging(1)), playBlock(await staging(1))];
  const outcomes = await Promise.all(plays);
  outcomes.forEach(expectNobodyHarmed);
  expect(outcomes.some(({ late }) => late > 0)).toBe(true);
});
