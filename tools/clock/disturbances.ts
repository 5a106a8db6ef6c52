/** What is done to the time of dispatchers. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../trial/chance.ts';
import type { SteppedClock } from './faketime.ts';
import { type Disturb, leaseMs } from './stage.ts';

const hour = 3_600;
const day = 24 * hour;

/** Where wall clocks are set to, in seconds from the right time. */
export const steps = [hour, -hour, day, -day] as const;

/** Long enough for leases to be over, in ms. */
const longMs = 3 * leaseMs;

/**
 * Sets both wall clocks off by every step and right again, in an order of their own, `rounds`
 * times: each at its own moment, so that the dispatchers disagree about the time.
 */
export function stepClocks(
  clocks: readonly SteppedClock[],
  { rounds, chance }: { rounds: number; chance: Chance },
): Disturb {
  return async () => {
    await Promise.all(
      clocks.map(async (clock) => {
        for (let round = 0; round < rounds; round += 1) {
          for (const step of chance.shuffled(steps)) {
            clock.set(step);
            await pause(100 + chance.below(leaseMs));
            clock.set(chance.pick([0, -step]));
            await pause(200 + chance.below(leaseMs));
          }
        }
        clock.set(0);
      }),
    );
  };
}

/** Stops first one dispatcher, then both, for several leases (SIGSTOP). */
export function suspend(rounds: number): Disturb {
  return async (dispatchers) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const group of [dispatchers.slice(0, 1), dispatchers]) {
        for (const { process } of group) process.kill('SIGSTOP');
        await pause(longMs);
        for (const { process } of group) process.kill('SIGCONT');
        await pause(leaseMs);
      }
    }
  };
}

/** Blocks the event loop of first one dispatcher, then both, for several leases. */
export function block(rounds: number): Disturb {
  return async (dispatchers) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const group of [dispatchers.slice(0, 1), dispatchers]) {
        for (const dispatcher of group) dispatcher.block(longMs);
        await pause(longMs + leaseMs);
      }
    }
  };
}
