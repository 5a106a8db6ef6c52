/**
 * Which position of a log a point of the past means.
 *
 * Order is position; the wall clock is a label on each event, and may have been stepped back. A
 * time therefore means a position at which the clock passed it: the event there was recorded at or
 * before that time, the next one after it. Where the clock passed a time more than once, the answer
 * is one of these places, the same one every time; to see another, its position must be named.
 */
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { EventLog, Position, StoredEvent } from '../log/event-log.ts';

/** A point of the past, as it is asked for: a position, or a time on the wall clock (UTC ms). */
export type PastPoint = { readonly position: Position } | { readonly atMs: number };

/** A point of the past, found in a log. */
export interface PastPlace {
  readonly refused: false;
  /** Of the last event that had happened. */
  readonly position: Position;
  /** The time asked for; where a position was, when its event was recorded. UTC ms. */
  readonly atMs: number;
}

/** Everything from one point of the past to another, both included. */
export interface PastRange {
  readonly refused: false;
  readonly first: Position;
  readonly last: Position;
  /** The times asked for, or at which the events there were recorded. UTC ms. */
  readonly fromAtMs: number;
  readonly toAtMs: number;
}

/** The ends of a range; the beginning and the end of the log where they are left out. */
export interface RangeWanted {
  readonly from?: PastPoint | undefined;
  readonly to?: PastPoint | undefined;
}

/**
 * The place in the log that a point means, seen at `nowMs`. Refused with `beyond_head` or
 * `before_first_event`.
 */
export async function positionAt(
  log: EventLog,
  point: PastPoint,
  nowMs: number,
): Promise<PastPlace | Refusal> {
  const end = await lastUpTo(log, Number.MAX_SAFE_INTEGER);
  if (end === undefined) return nothingYet();
  const objection = beyond(point, end, nowMs);
  if (objection !== undefined) return objection;
  const found =
    'position' in point
      ? await lastUpTo(log, point.position)
      : await lastRecorded(log, end, (atMs) => atMs <= point.atMs);
  if (found === undefined) return tooEarly(log, point);
  const atMs = 'position' in point ? found.recordedAtMs : point.atMs;
  const position = 'position' in point ? point.position : found.position;
  return { refused: false, position, atMs };
}

/**
 * The events between two points, seen at `nowMs`. Refused like `positionAt`, and with
 * `range_swapped` or `range_empty`. A beginning before the first event is the first event.
 */
export async function rangeOf(
  log: EventLog,
  { from, to }: RangeWanted,
  nowMs: number,
): Promise<PastRange | Refusal> {
  const end = await lastUpTo(log, Number.MAX_SAFE_INTEGER);
  if (end === undefined) return nothingYet();
  const last = await positionAt(log, to ?? { position: end.position }, nowMs);
  if (last.refused) return last;
  const first = await firstOf(log, { from, end }, nowMs);
  if (first.refused) return first;
  const range = { first: first.position, fromAtMs: first.atMs };
  const event = (await log.readAll({ after: first.position - 1, limit: 1 }))[0];
  if (event === undefined || event.position > last.position) {
    return isSwapped({ from, to }, range, last) ? swapped(range, last) : empty(range, last);
  }
  return { refused: false, ...range, last: last.position, toAtMs: last.atMs };
}

async function firstOf(
  log: EventLog,
  { from, end }: { from: PastPoint | undefined; end: StoredEvent },
  nowMs: number,
): Promise<PastPlace | Refusal> {
  if (from !== undefined && 'position' in from) return positionAt(log, from, nowMs);
  const objection = from && beyond(from, end, nowMs);
  if (objection !== undefined) return objection;
  const before = from && (await lastRecorded(log, end, (atMs) => atMs < from.atMs));
  const first = await firstAfter(log, before?.position ?? 0);
  const { position, recordedAtMs } = first ?? { ...end, position: end.position + 1 };
  return { refused: false, position, atMs: from?.atMs ?? recordedAtMs };
}

/**
 * An event for whose time `holds` is true, while for the next one it is not; undefined when it is
 * not true of the first. Steps are powers of two from the beginning, so that the log growing does
 * not move the answer.
 */
async function lastRecorded(
  log: EventLog,
  end: StoredEvent,
  holds: (atMs: number) => boolean,
): Promise<StoredEvent | undefined> {
  let found: StoredEvent | undefined;
  let position: Position = 0;
  for (let step = 2 ** Math.floor(Math.log2(end.position)); step >= 1; step /= 2) {
    if (position + step > end.position) continue;
    const event = await lastUpTo(log, position + step);
    if (event !== undefined && !holds(event.recordedAtMs)) continue;
    found = event ?? found;
    position += step;
  }
  return found;
}

/** The event at a position; where there is none any more, the one before. */
async function lastUpTo(log: EventLog, position: Position): Promise<StoredEvent | undefined> {
  const after = Math.min(position + 1, Number.MAX_SAFE_INTEGER);
  return (await log.readAll({ after, direction: 'backward', limit: 1 }))[0];
}

async function firstAfter(log: EventLog, position: Position): Promise<StoredEvent | undefined> {
  return (await log.readAll({ after: position, limit: 1 }))[0];
}

function beyond(point: PastPoint, end: StoredEvent, nowMs: number): Refusal | undefined {
  const facts = { ...point, head: end.position, lastAtMs: end.recordedAtMs };
  if ('position' in point) {
    if (point.position <= end.position) return undefined;
    const found = `the log ends at position ${end.position}`;
    return refuse('beyond_head', `There is no position ${point.position}: ${found}.`, {
      hint: 'Give a position up to there; `logboard events` prints them.',
      facts,
    });
  }
  if (point.atMs <= Math.max(nowMs, end.recordedAtMs)) return undefined;
  return refuse('beyond_head', 'That time has not come yet.', {
    hint: 'Give a time that is over: 10:02 is the last one, -2h is two hours ago.',
    facts,
  });
}

async function tooEarly(log: EventLog, point: PastPoint): Promise<Refusal> {
  const first = await firstAfter(log, 0);
  const said = 'position' in point ? `position ${point.position}` : 'that time';
  return refuse('before_first_event', `Nothing had happened on this board at ${said}.`, {
    hint: 'Give position 1 or later, or a time from that of the first event on.',
    facts: { ...point, first: first?.position ?? null, firstAtMs: first?.recordedAtMs ?? null },
  });
}

function nothingYet(): Refusal {
  return refuse('before_first_event', 'Nothing has ever happened on this board.', {
    hint: 'Make a task first: its log is empty.',
    facts: { head: 0 },
  });
}

type From = Pick<PastRange, 'first' | 'fromAtMs'>;

/** Of two positions the higher is the later one, whatever the clock said. */
function isSwapped({ from, to }: RangeWanted, { first, fromAtMs }: From, last: PastPlace): boolean {
  if (from === undefined || to === undefined) return false;
  const arePositions = 'position' in from && 'position' in to;
  return arePositions ? first > last.position : fromAtMs > last.atMs;
}

function swapped(from: From, to: PastPlace): Refusal {
  return refuse('range_swapped', 'The range ends before it begins.', {
    hint: 'Put the earlier moment first: --from it, --to the later one.',
    facts: { ...from, last: to.position, toAtMs: to.atMs },
  });
}

function empty(from: From, to: PastPlace): Refusal {
  return refuse('range_empty', 'Nothing happened in this range.', {
    hint: 'Choose a wider one; `logboard timeline` shows when something happened.',
    facts: { ...from, last: to.position, toAtMs: to.atMs },
  });
}
