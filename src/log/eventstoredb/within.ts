/** Limits of our own on how long the client may take, and trying again within them. */
import { LogUnavailable } from '../event-log.ts';
import type { Clock, Timers } from '../ports.ts';

/** What was asked was not answered in time. Its outcome is unknown. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';

  constructor(ms: number) {
    super(`there was no answer within ${ms} ms`);
  }
}

/** The client was replaced before it answered. The outcome is unknown. */
export class Replaced extends Error {
  override readonly name = 'Replaced';

  constructor() {
    super('the connection was given up before there was an answer');
  }
}

/** Rejects with `TookTooLong` unless `promise` settles within `ms`; what comes later is ignored. */
export function within<T>(promise: Promise<T>, ms: number, timers: Timers): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => reject(new TookTooLong(ms)));
    const settle =
      <V>(pass: (value: V) => void) =>
      (value: V) => {
        cancel();
        pass(value);
      };
    promise.then(settle(resolve), settle(reject));
  });
}

/** How long to try, and by which clock. */
export interface Patience {
  readonly msMax: number;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly timers: Timers;
}

/** Between two tries to reach a cluster, ms. */
const pauseMs = 200;

/** Tries again while trying again may help, and there is time: for what changes nothing. */
export async function patiently<T>(
  reach: () => Promise<T>,
  { clock, timers, msMax }: Patience,
): Promise<T> {
  const endAtMs = clock.monoMs() + msMax;
  for (;;) {
    try {
      return await reach();
    } catch (error) {
      const mayHelp = error instanceof LogUnavailable && error.retryable;
      if (!mayHelp || clock.monoMs() >= endAtMs) throw error;
    }
    await new Promise<void>((resolve) => timers.after(pauseMs, resolve));
  }
}
