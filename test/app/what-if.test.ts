/** What-if on logs that a fleet wrote: the model beside what really happened. */
import { expect, test } from 'vitest';
import { type WhatIf, whatIf } from '../../src/app/what-if.ts';
import { tellStory } from '../../tools/simulate/story.ts';

const axes = [{ key: 'claimTtlMs', values: [1_000, 10_000, 100_000, 1_000_000] }] as const;

/** The answers over the logs of these simulations. */
async function answersOf(seeds: number): Promise<readonly WhatIf[]> {
  const answers: WhatIf[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    await tellStory({
      seed,
      atTheEnd: async ({ log, nowMs }) => {
        answers.push(await whatIf({ log, nowMs: () => nowMs }, { axes }));
      },
    });
  }
  return answers;
}

/**
 * Where model and fleet differ, the simulation had done something to clocks or dispatchers: a wall
 * clock was set by an hour or a day, hosts are two seconds apart, a dispatcher slept through the
 * silence, or a new one began to count at its first sight of the run.
 */
test('the policy in force gives up whom the fleet gave up, and nobody else', async () => {
  const answers = await answersOf(100);
  const sum = (of: (answer: WhatIf) => number) => answers.reduce((all, each) => all + of(each), 0);
  const lateness = answers.flatMap(({ agreement: { latenessMedianMs } }) => latenessMedianMs ?? []);
  lateness.sort((one, other) => one - other);

  const runs = sum((answer) => answer.runs);
  const givenUp = sum(({ agreement }) => agreement.givenUp);
  expect(givenUp).toBeGreaterThan(30);
  expect(sum(({ agreement }) => agreement.givenUpByBoth)).toBe(givenUp);
  expect(sum(({ agreement }) => agreement.falseReclaims)).toBeGreaterThan(0);
  expect(sum(({ agreement }) => agreement.onlyByModel) / runs).toBeLessThan(0.01);
  expect(lateness[Math.floor(lateness.length / 2)]).toBeLessThan(100);
}, 60_000);

test('every run is counted once under every policy', async () => {
  for (const { runs, scores, currentIndex } of await answersOf(20)) {
    expect(currentIndex === null).toBe(runs === 0);
    for (const { left, falseReclaims, unsure, noticed, missed, untold } of scores) {
      expect(left + falseReclaims + unsure + noticed + missed + untold).toBe(runs);
    }
  }
}, 60_000);
