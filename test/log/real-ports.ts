/** The machine's own clock, timers and chance, for tests that need the real thing. */
import { randomUUID } from 'node:crypto';
import type { Clock, Timers } from '../../src/log/ports.ts';

const clock: Clock = {
  nowMs: () => Date.now(),
  monoMs: () => performance.now(),
};

const timers: Timers = {
  after(ms, fn, hold) {
    const timer = setTimeout(fn, ms);
    if (hold === 'background') {
      timer.unref();
    }
    return () => clearTimeout(timer);
  },
  immediate(fn) {
    setImmediate(fn);
  },
};

/** Everything an embedded log or a follower asks for. */
export const realPorts = { clock, timers, random: Math.random, newEpoch: randomUUID };
