/** Waiting for a database that another process is writing to or opening. */
import type { Timers } from '../src/log/ports.ts';
import { DatabaseFault } from '../src/sqlite/faults.ts';

/** Pause between two tries, ms. */
const pauseMs = 5;

/** Tries before the fault is passed on: about ten seconds. */
const triesMaxDefault = 2_000;

/** Does `work` as soon as nobody else is in the way; it must throw at once when somebody is. */
export async function whenFree<T>(
  timers: Timers,
  work: () => T,
  triesMax = triesMaxDefault,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || tries === triesMax) throw error;
    }
    await pause(timers, pauseMs);
  }
}

/** Resolves `ms` from now. */
export function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(ms, resolve);
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof DatabaseFault && error.kind === 'busy';
}
