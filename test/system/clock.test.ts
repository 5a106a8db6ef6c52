/**
 * Time that goes wrong for real dispatchers takes no run from anybody who lives. `npm run clock`
 * does it for longer.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findFaketime } from '../../tools/clock/faketime.ts';
import { playBlock, playSteps, playSuspension, type Staging } from '../../tools/clock/plays.ts';
import type { Outcome } from '../../tools/clock/stage.ts';
import { withScratch } from '../../tools/trial/scratch.ts';
import { bundleChild } from '../kit/child.ts';
import { chosenSeed } from '../kit/seed.ts';
import { testUnless } from '../kit/test-where.ts';

const faketime = findFaketime();
const missing = faketime === undefined ? 'clock steps: there is no faketime here' : undefined;

/** Gives one play a stage of its own, for one round, and expects that nobody came to harm. */
async function harmless(give: (staging: Staging) => Promise<Outcome>): Promise<Outcome> {
  const program = await bundleChild(
    fileURLToPath(new URL('../../tools/trial/dispatcher-process.ts', import.meta.url)),
  );
  const seed = chosenSeed.seed ?? Date.now() % 2 ** 31;
  const outcome = await withScratch((scratch) =>
    give({ directory: join(scratch, 'stage'), program, rounds: 1, seed }),
  );
  expect(outcome.wrongs).toEqual([]);
  expect(outcome.tasks).toBeGreaterThan(10);
  return outcome;
}

// Most of a play is waiting.
describe.concurrent('dispatchers', { timeout: 120_000 }, () => {
  testUnless(missing)(
    'may have their wall clocks step by an hour and a day, both ways, each on its own',
    async () => {
      await harmless((staging) => playSteps(staging, faketime ?? ''));
    },
  );

  it('may be stopped, or their event loops blocked, for several leases', async () => {
    const outcomes = await Promise.all([playSuspension, playBlock].map(harmless));
    expect(outcomes.some(({ late }) => late > 0)).toBe(true);
  });
});
