/**
 * Lets one through in each turn of the event loop. Starting a process forks this one and holds the
 * loop for a millisecond or two; several in one turn would add up to a stop that others notice.
 */
import type { Timers } from '../log/ports.ts';

/** Resolves when it is the caller's turn, in the order of the calls. */
export type Turnstile = () => Promise<void>;

/** A turnstile on this event loop. */
export function createTurnstile(timers: Pick<Timers, 'immediate'>): Turnstile {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => new Promise((resolve) => timers.immediate(resolve)));
    return last;
  };
}
