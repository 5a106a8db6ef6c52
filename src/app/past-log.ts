/** A log as it was at a point of the past, beats that were thinned out since among it. */
import type { Refusal } from '../domain/refusal.ts';
import { cutLog } from '../log/cut.ts';
import type { EventLog } from '../log/event-log.ts';
import { restoredLog } from '../log/restored.ts';
import { readThinnedTimes } from '../log/thinned-times.ts';
import { type PastPlace, type PastPoint, positionAt } from './position-at.ts';

/** A point of the past of a log. */
export interface PastOfLog {
  readonly refused: false;
  readonly place: PastPlace;
  /** The log as it was. */
  readonly log: EventLog;
  /**
   * The same without anything thinned out: what is written down while its tables are folded serves
   * other moments as well, at which beats were still there.
   */
  readonly whole: EventLog;
}

/** Finds a point of the past, seen at `nowMs`. Refused like `positionAt`. */
export async function pastOfLog(
  log: EventLog,
  point: PastPoint,
  nowMs: number,
): Promise<PastOfLog | Refusal> {
  const thinned = await readThinnedTimes(log);
  const whole = restoredLog(log, thinned);
  const place = await positionAt(whole, point, nowMs);
  if (place.refused) return place;
  const { position } = place;
  return {
    refused: false,
    place,
    log: cutLog(restoredLog(log, thinned, position), position),
    whole: cutLog(whole, position),
  };
}
