/** What archiving would do: which segments it would make, and how much would leave the log. */
import type Database from 'better-sqlite3';
import type { Breathe } from '../breathe.ts';
import type { Position } from '../event-log.ts';
import { countLeaving, type IsClosed, type Leaving } from './leaving.ts';
import type { SegmentRange } from './segment-file.ts';
import type { Segments } from './segments.ts';
import { rangeSize } from './thin.ts';

/** What there is to archive. */
export interface ArchiveWanted {
  readonly isClosed: IsClosed;
  /** Nothing behind this position needs to be in a segment. */
  readonly upTo: Position;
}

/** What would be done. */
export interface ArchivePlan {
  /** The segments to make, in order. */
  readonly ranges: readonly SegmentRange[];
  /** What would leave the log, from older segments as well. */
  readonly leaving: Leaving;
}

/**
 * The end of the log that is never in a segment: what every opening verifies, and the event before.
 */
const tailKept = 256;

/** The most positions of one file: some 70 MB. */
const segmentPositionsMax = 64 * rangeSize;

/** A new segment copies everything; it is worth that when one in so many events can leave. */
const leavingOneIn = 10;

/** Plans, and changes nothing. `db` is a connection to the log. */
export async function planArchive(
  db: Database.Database,
  segments: Segments,
  wanted: ArchiveWanted,
  breathe: Breathe,
): Promise<ArchivePlan> {
  const ranges = await rangesWorthIt(db, segments, wanted, breathe);
  const upTo = ranges.at(-1)?.upTo ?? segments.upTo;
  const leaving = await countLeaving(db, { after: 0, upTo }, wanted.isClosed, breathe);
  return { ranges, leaving };
}

/** The segments to make next, in order. */
export async function rangesWorthIt(
  db: Database.Database,
  segments: Segments,
  { isClosed, upTo }: ArchiveWanted,
  breathe: Breathe,
): Promise<readonly SegmentRange[]> {
  segments.lookAgain();
  const begin = segments.upTo;
  const head = db.prepare<[], Position | null>('SELECT max(position) FROM events').pluck().get();
  const reach = Math.min(upTo, (head ?? 0) - tailKept);
  // A segment ends where a range of thinning does, so that each gap is in one of them, whole.
  const end = Math.max(begin, reach - (reach % rangeSize));
  const worth = await countLeaving(db, { after: begin, upTo: end }, isClosed, breathe);
  return worth.events * leavingOneIn >= worth.of ? rangesBetween(begin, end) : [];
}

function rangesBetween(after: Position, end: Position): readonly SegmentRange[] {
  const ranges: SegmentRange[] = [];
  for (let from = after + 1; from <= end; from += segmentPositionsMax) {
    ranges.push({ from, upTo: Math.min(from + segmentPositionsMax - 1, end) });
  }
  return ranges;
}
