/** The machine's own clock, timers and chance, for tests that need the real thing. */
import { randomUUID } from 'node:crypto';
import { systemClock, systemTimers } from '../../src/host/clock.ts';

/** Everything an embedded log or a follower asks for. */
export const realPorts = {
  clock: systemClock,
  timers: systemTimers,
  random: Math.random,
  newEpoch: randomUUID,
};
