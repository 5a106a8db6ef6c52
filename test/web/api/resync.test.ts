/** When the page reads the board anew, and when it does not. */
import { describe, expect, test } from 'vitest';
import { createResync, type Reading } from '../../../src/web/api/resync.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';

/** Readings that each take so long and come out as told; the last outcome stands for all others. */
function aReader(tookMs: number, ...outcomes: Reading[]) {
  const clock = createFakeClock();
  const begunAtMs: number[] = [];
  const resync = createResync({
    read: () => {
      begunAtMs.push(clock.monoMs());
      const outcome = outcomes[Math.min(begunAtMs.length, outcomes.length) - 1] ?? 'done';
      return new Promise((resolve) => clock.after(tookMs, () => resolve(outcome)));
    },
    after: (ms, callback) => void clock.after(ms, callback),
    nowMs: () => clock.monoMs(),
  });
  return { resync, clock, begunAtMs };
}

describe('the board is read anew', () => {
  test('at once, when it is wanted', async () => {
    const { resync, clock, begunAtMs } = aReader(20);
    resync();
    await clock.advance(10_000);
    expect(begunAtMs).toEqual([0]);
  });

  test('until it has worked', async () => {
    const { resync, clock, begunAtMs } = aReader(0, 'failed', 'failed', 'done');
    resync();
    await clock.advance(60_000);
    expect(begunAtMs).toEqual([0, 1_000, 2_000]);
  });

  test('no more when another reading would not help, until it is wanted again', async () => {
    const { resync, clock, begunAtMs } = aReader(0, 'given_up');
    resync();
    await clock.advance(60_000);
    resync();
    await clock.advance(60_000);
    expect(begunAtMs).toEqual([0, 60_000]);
  });

  test('once for all that wanted it meanwhile, also while it was being read', async () => {
    const { resync, clock, begunAtMs } = aReader(20);
    for (let event = 0; event < 1_000; event += 1) {
      resync();
      await clock.advance(1);
    }
    await clock.advance(10_000);
    expect(begunAtMs).toEqual([0, 520, 1_040]);
  });

  test('for a tenth of the time at most, however big it is', async () => {
    const { resync, clock, begunAtMs } = aReader(2_000);
    for (let second = 0; second < 59; second += 1) {
      resync();
      await clock.advance(1_000);
    }
    expect(begunAtMs).toEqual([0, 20_000, 40_000]);
  });
});
