/** Giving the event loop back, by those who were woken together. */
import { expect, it } from 'vitest';
import { createBreathe } from '../../src/log/breathe.ts';
import type { Timers } from '../../src/log/ports.ts';

/** An event loop that counts its turns, and on which only work takes time. */
function createLoop() {
  let nowMs = 0;
  let turn = 0;
  const timers: Timers = {
    after: () => () => {},
    immediate: (fn) => {
      setImmediate(() => {
        turn += 1;
        fn();
      });
    },
  };
  return {
    loop: { clock: { nowMs: () => nowMs, monoMs: () => nowMs }, timers },
    turn: () => turn,
    work: (ms: number) => {
      nowMs += ms;
    },
  };
}

it('those who were woken together go on in several turns, a few in each', async () => {
  const { loop, turn, work } = createLoop();
  const breathe = createBreathe(loop);
  const turns: number[] = [];
  const goOn = async () => {
    await breathe();
    turns.push(turn());
    work(1);
  };
  await Promise.all(Array.from({ length: 7 }, goOn));
  expect(turns).toEqual([0, 0, 1, 1, 2, 2, 3]);
});

it('parts that hold the same timers share the turns of their event loop', async () => {
  const { loop, turn, work } = createLoop();
  const parts = [createBreathe(loop), createBreathe({ ...loop })];
  const turns: number[] = [];
  const goOn = async (breathe: () => Promise<void>) => {
    await breathe();
    turns.push(turn());
    work(2);
  };
  await Promise.all(parts.map(goOn));
  expect(turns).toEqual([0, 1]);
});

it('nobody waits where the turn is short', async () => {
  const { loop, turn, work } = createLoop();
  const breathe = createBreathe(loop);
  for (let step = 0; step < 4; step += 1) {
    await breathe();
    work(0.4);
  }
  expect(turn()).toBe(0);
});
