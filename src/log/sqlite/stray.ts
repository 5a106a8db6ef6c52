/** Pages that are not what was asked for: what is missing from them, unless it was thinned out. */
import type { Position, StoredEvent, Version } from '../event-log.ts';
import type { Thinned } from './thinned.ts';

/**
 * The first position of a page that is not there, unless it was thinned out. A damaged page of the
 * database can lead SQLite to other rows than were asked for; a reader who took them as its next
 * ones would miss some, or read the same ones for ever.
 */
export function strayBehind(
  events: readonly StoredEvent[],
  after: Position,
  thinned: Thinned,
): Position | undefined {
  const next = (index: number) => (events[index - 1]?.position ?? Math.max(after, 0)) + 1;
  const stray = events.findIndex(
    ({ position }, index) => position !== next(index) && !isBehind(next(index), position, thinned),
  );
  return stray < 0 ? undefined : next(stray);
}

/** Whether an event stands behind a gap that was thinned out from `first` on. */
function isBehind(first: Position, position: Position, thinned: Thinned): boolean {
  return position > first && thinned.covers(first, position - 1);
}

/** What was asked for of a page that was read backwards. */
export interface BackwardPage {
  readonly before: Position;
  /** The highest position that it could begin with. */
  readonly top: Position;
  readonly limit: number;
}

/** The same for a page that was read backwards: a gap above it, in it, or below it. */
export function strayBackward(
  events: readonly StoredEvent[],
  { before, top, limit }: BackwardPage,
  thinned: Thinned,
): Position | undefined {
  return (
    strayBelow(events, before, thinned) ??
    missingAbove(events, top, thinned) ??
    missingBelow(events, limit)
  );
}

/** From its first event on. */
function strayBelow(
  events: readonly StoredEvent[],
  before: Position,
  thinned: Thinned,
): Position | undefined {
  const [highest] = events;
  if (highest === undefined) return undefined;
  const first = highest.position;
  const stray = events.findIndex(({ position }, index) => {
    const above = events[index - 1]?.position ?? position + 1;
    return position !== above - 1 && !isBehind(position + 1, above, thinned);
  });
  if (stray < 0 && first < before) return undefined;
  return stray > 0 ? events[stray - 1]!.position - 1 : first;
}

/** It begins at `top`, unless what is between was thinned out. */
function missingAbove(
  events: readonly StoredEvent[],
  top: Position,
  thinned: Thinned,
): Position | undefined {
  const highest = events[0]?.position ?? 0;
  return highest >= top || isBehind(highest + 1, top + 1, thinned) ? undefined : top;
}

/** It ends early at the first event of all and nowhere else. */
function missingBelow(events: readonly StoredEvent[], limit: number): Position | undefined {
  const lowest = events.at(-1)?.position ?? 1;
  return events.length < limit && lowest > 1 ? lowest - 1 : undefined;
}

/** Whether a page of a stream, read backwards, ends although there must be more before it. */
export function endsEarly(events: readonly StoredEvent[], from: Version, limit: number): boolean {
  const lowest = events.at(-1)?.version;
  const isAskedFor = from >= 0 && from !== Number.MAX_SAFE_INTEGER;
  return events.length < limit && (lowest === undefined ? isAskedFor : lowest > 0);
}

/** Tells whether the versions before an event were thinned out, from `first` on. */
export type AreThinned = (first: Version, event: StoredEvent, before?: StoredEvent) => boolean;

/**
 * The first version that is not there, of events that should be those of a stream, one version
 * after the other, but for what was thinned out. `first`: the version to begin with, if that
 * is known.
 */
export function strayVersion(
  rising: readonly StoredEvent[],
  stream: string,
  first: Version | undefined,
  areThinned: AreThinned,
): Version | undefined {
  const begin = first ?? rising[0]?.version ?? 0;
  const next = (index: number) => (index === 0 ? begin : rising[index - 1]!.version + 1);
  const stray = rising.findIndex((event, index) => {
    if (event.stream !== stream) return true;
    const missing = event.version - next(index);
    return missing !== 0 && !(missing > 0 && areThinned(next(index), event, rising[index - 1]));
  });
  return stray < 0 ? undefined : next(stray);
}
