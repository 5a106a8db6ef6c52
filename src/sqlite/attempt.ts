/**
 * Waiting for a database that somebody else holds: never inside SQLite, which would stop the whole
 * event loop, but between attempts that return at once.
 */
import { DatabaseFault, isBusy } from './faults.ts';

/** What one attempt came to. */
export type Attempt<T> = { readonly busy: true } | { readonly busy: false; readonly value: T };

/** Bounds of a pause, in ms; jittered between them, so that waiters do not march in step. */
export interface PauseBounds {
  readonly min: number;
  readonly max: number;
}

/** What waiting takes from the world around it. */
export interface Waiting {
  /** Monotonic clock, ms. */
  monoMs(): number;
  /** Resolves `ms` from now. Keeps the process alive until then. */
  pause(ms: number): Promise<void>;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/** Between two attempts at something that is soon over. */
export const shortPauseMs: PauseBounds = { min: 1, max: 3 };

/** Does `work` now, or says that somebody else holds the lock. */
export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { busy: false, value: work() };
  } catch (error) {
    if (isBusy(error)) {
      return { busy: true };
    }
    throw error;
  }
}

/** Tries until it is not busy. Rejects with a `busy` fault once `waitMsMax` has passed. */
export async function untilFree<T>(
  tryOnce: () => Attempt<T>,
  waiting: Waiting,
  waitMsMax: number,
  pauseMs: () => PauseBounds = () => shortPauseMs,
): Promise<T> {
  const startedAtMs = waiting.monoMs();
  for (;;) {
    const outcome = tryOnce();
    if (!outcome.busy) {
      return outcome.value;
    }
    const waitedMs = waiting.monoMs() - startedAtMs;
    if (waitedMs >= waitMsMax) {
      throw new DatabaseFault(`The database was busy for ${Math.round(waitedMs)} ms`, {
        kind: 'busy',
        code: 'SQLITE_BUSY',
      });
    }
    await waiting.pause(within(pauseMs(), waiting));
  }
}

/** A pause somewhere within its bounds, in ms. */
export function within({ min, max }: PauseBounds, waiting: Waiting): number {
  return min + waiting.random() * (max - min);
}
