/** When the hash of a log is written into the log, for every copy of it to be compared with. */

/** A seal is due after so many events. */
export const sealEveryEvents = 10_000;

/** And after so long, if anything has happened since, in ms. */
export const sealEveryMs = 24 * 60 * 60 * 1_000;

/** Up to which position a log was sealed last, and when (UTC ms). */
export interface Sealed {
  readonly upTo: number;
  readonly atMs: number;
}

/** Whether a log that has come to a position is to be sealed; a seal alone is no reason for one. */
export function isSealDue(last: Sealed, { upTo, atMs }: Sealed): boolean {
  const events = upTo - last.upTo;
  return events >= sealEveryEvents || (events > 1 && atMs - last.atMs >= sealEveryMs);
}
