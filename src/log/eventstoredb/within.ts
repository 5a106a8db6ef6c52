/** A time limit of our own on what the client may never answer. */
import type { Timers } from '../ports.ts';

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
