/** Actions side by side: one for each subject, insisted on when they fail. */
import { describe, expect, it } from 'vitest';
import { createActs } from '../../src/dispatcher/acts.ts';
import { createBreathe } from '../../src/log/breathe.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

function someActs() {
  const clock = createFakeClock();
  const told: string[] = [];
  let done = 0;
  const acts = createActs({
    clock,
    breathe: createBreathe({ clock, timers: clock }),
    report: (kind, facts) => void told.push(`${kind} ${facts['subject']}`),
    onDone: () => {
      done += 1;
    },
  });
  return { clock, acts, told, done: () => done };
}

const boom = () => Promise.reject(new Error('boom'));

describe('an action', () => {
  it('keeps its subject busy until it is done', async () => {
    const { acts, clock, done } = someActs();
    let finish = () => {};
    const act = () => new Promise<void>((resolve) => (finish = resolve));
    acts.start('R-1', act);
    let startedAgain = false;
    acts.start('R-1', async () => {
      startedAgain = true;
    });
    expect([acts.isBusy('R-1'), acts.isBusy('R-2'), startedAgain]).toEqual([true, false, false]);
    await clock.settle();
    finish();
    await clock.settle();
    expect([acts.isBusy('R-1'), done()]).toEqual([false, 1]);
  });

  it('that fails is told, and may be tried again after a growing wait', async () => {
    const { acts, clock, told, done } = someActs();
    const waits: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      acts.start('R-1', boom);
      await clock.settle();
      const waitMs = acts.nextRetryInMs();
      waits.push(waitMs);
      expect(acts.isBusy('R-1')).toBe(true);
      await clock.advance(waitMs ?? 0);
      expect(acts.isBusy('R-1')).toBe(false);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
    expect([told.length, done()]).toEqual([9, 9]);
  });

  it('that fails and is not wanted any more is forgotten', async () => {
    const { acts, clock } = someActs();
    acts.start('R-1', boom);
    await clock.advance(60_000);
    expect(acts.nextRetryInMs()).toBeUndefined();
    acts.start('R-1', boom);
    await clock.settle();
    expect(acts.nextRetryInMs()).toBe(100);
  });

  it('is waited for when all have to be settled, and so are those it leads to', async () => {
    const { acts } = someActs();
    const order: string[] = [];
    acts.start('R-1', async () => {
      acts.start('R-2', async () => void order.push('second'));
      order.push('first');
    });
    await acts.settled();
    expect(order.sort()).toEqual(['first', 'second']);
  });
});
