/**
 * Reads: pages of events, the head and single hashes; what has left the log for a segment file is
 * read from there, and nobody above notices.
 *
 * Each is one statement that is over before anything else happens: a read that stayed open would
 * keep the write-ahead log from ever becoming smaller.
 */
import type Database from 'better-sqlite3';
import { atMost } from '../../sqlite/at-most.ts';
import { checkLimit } from '../check.ts';
import type {
  LogHead,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  Version,
} from '../event-log.ts';
import { damaged } from './condition.ts';
import { asEvent, type EventRow, eventColumns } from './event-row.ts';
import type { Segments } from './segments.ts';
import { Thinned } from './thinned.ts';

/** The reads of one connection; each throws `LogDamaged` where it meets what cannot be trusted. */
export interface Reader {
  readStream(stream: string, options: ReadStreamOptions): readonly StoredEvent[];
  readAll(options: ReadAllOptions): readonly StoredEvent[];
  head(): LogHead;
  hashAt(position: Position): string | undefined;
  hashBefore(position: Position): string | undefined;
}

const selectEvents = `SELECT ${eventColumns} FROM events`;

/** Prepares the reads of a connection; positions from `damagedFrom` on are not given out. */
export function createReader(
  db: Database.Database,
  segments: Segments,
  damagedFrom: () => Position,
): Reader {
  const select = <P extends unknown[]>(tail: string) => {
    const rows = db.prepare<P, EventRow>(`${selectEvents} ${tail}`).raw();
    return { all: (...bindings: P) => rows.all(...bindings).map(asEvent) };
  };
  const streamForward = select<[string, Version, number]>(
    `WHERE stream = ? AND version >= ? ORDER BY version ${atMost('?')}`,
  );
  const streamBackward = select<[string, Version, number]>(
    `WHERE stream = ? AND version <= ? ORDER BY version DESC ${atMost('?')}`,
  );
  const allForward = select<[Position, number]>(
    `WHERE position > ? ORDER BY position ${atMost('?')}`,
  );
  const allBackward = select<[Position, number]>(
    `WHERE position < ? ORDER BY position DESC ${atMost('?')}`,
  );
  const thinned = new Thinned(db);
  const positionBefore = db
    .prepare<[string, Version], Position>(
      'SELECT position FROM events WHERE stream = ? AND version < ? ORDER BY version DESC LIMIT 1',
    )
    .pluck();
  const last = db.prepare<[], LogHead>(
    'SELECT position, lower(hex(hash)) AS hash FROM events ORDER BY position DESC LIMIT 1',
  );
  const hashOf = db
    .prepare<[Position], string>('SELECT lower(hex(hash)) FROM events WHERE position = ?')
    .pluck();
  const hashBefore = db
    .prepare<[Position], string>('SELECT lower(hex(prev_hash)) FROM events WHERE position = ?')
    .pluck();

  /** Whether the versions before an event were thinned out; `after`: the event before them. */
  function areThinnedVersions(first: Version, event: StoredEvent, after?: StoredEvent): boolean {
    const { stream, version, position } = event;
    const begin = after?.position ?? positionBefore.get(stream, version) ?? 0;
    return thinned.coversVersions(stream, [first, version - 1], [begin, position]);
  }

  /** From segment files what is in them, and the rest from the log itself. */
  function pageAfter(after: Position, limit: number): readonly StoredEvent[] {
    const { upTo } = segments;
    if (after >= upTo) return allForward.all(after, limit);
    const archived = segments.after(after, limit);
    return [...archived, ...allForward.all(upTo, limit - archived.length)];
  }

  function pageBefore(before: Position, limit: number): readonly StoredEvent[] {
    const { upTo } = segments;
    const events = before > upTo + 1 ? allBackward.all(before, limit) : [];
    if (upTo === 0) return events;
    const behind = events.filter(({ position }) => position > upTo);
    return [...behind, ...segments.before(Math.min(before, upTo + 1), limit - behind.length)];
  }

  /** What has left the log of a stream are its first versions. */
  function streamAfter(stream: string, from: Version, limit: number): readonly StoredEvent[] {
    const events = streamForward.all(stream, from, limit);
    const [first] = events;
    if (segments.upTo === 0 || first === undefined || first.version <= from) return events;
    const missing = { first: from, last: first.version - 1, before: first.position };
    const archived = segments.ofStream(stream, { ...missing, limit: Number.MAX_SAFE_INTEGER });
    return [...archived.toReversed(), ...events].slice(0, limit);
  }

  function streamBefore(stream: string, from: Version, limit: number): readonly StoredEvent[] {
    const events = streamBackward.all(stream, from, limit);
    if (segments.upTo === 0 || !endsEarly(events, from, limit)) return events;
    const lowest = events.at(-1) ?? { version: from + 1, position: Number.MAX_SAFE_INTEGER };
    const missing = { first: 0, last: lowest.version - 1, before: lowest.position };
    return [...events, ...segments.ofStream(stream, { ...missing, limit: limit - events.length })];
  }

  /** Reads again while there are segments that were not known; answers what is wrong in the end. */
  function soundly(read: () => readonly StoredEvent[], strayOf: StrayOf) {
    for (;;) {
      const events = read();
      const stray = strayOf(events);
      if (stray === undefined || !segments.lookAgain()) return { events, stray };
    }
  }

  return {
    readStream(stream, { from, direction, limit }) {
      const rows = checkLimit(limit);
      const isBackward = direction === 'backward';
      const begin = isBackward ? (from ?? Number.MAX_SAFE_INTEGER) : Math.max(from ?? 0, 0);
      const { events, stray } = soundly(
        () => (isBackward ? streamBefore : streamAfter)(stream, begin, rows),
        (page) =>
          isBackward
            ? (strayVersion(page.toReversed(), stream, undefined, areThinnedVersions) ??
              (endsEarly(page, begin, rows) ? (page.at(-1)?.version ?? 0) - 1 : undefined))
            : strayVersion(page, stream, begin, areThinnedVersions),
      );
      // Nothing at all is where a stream was asked for that does not exist.
      if (stray !== undefined && events.length > 0) {
        throw damaged(`Version ${stray} of ${stream} is not where it belongs`);
      }
      return wholeUnlessDamaged(events, damagedFrom());
    },
    readAll({ after, direction, limit }) {
      const rows = checkLimit(limit);
      if (direction === 'backward') {
        const before = after ?? Number.MAX_SAFE_INTEGER;
        const { events, stray } = soundly(
          () => pageBefore(before, rows),
          (page) => strayBelow(page, before, thinned),
        );
        if (stray !== undefined) throw damaged(`Position ${stray} is not where it belongs`);
        return wholeUnlessDamaged(events, damagedFrom());
      }
      const begin = after ?? 0;
      const { events, stray } = soundly(
        () => pageAfter(begin, rows),
        (page) => strayBehind(page, begin, thinned),
      );
      return upToDamage(upToStray(events, begin, stray), damagedFrom());
    },
    head: () => last.get() ?? { position: 0, hash: '' },
    hashAt: (position) => hashOf.get(position) ?? segments.hashAt(position),
    hashBefore: (position) => hashBefore.get(position) ?? segments.hashBefore(position),
  };
}

/** What is wrong with a page: the position or version that is not there; undefined when nothing. */
type StrayOf = (page: readonly StoredEvent[]) => number | undefined;

/**
 * The first position of a page that is not there, unless it was thinned out. A damaged page of the
 * database can lead SQLite to other rows than were asked for; a reader who took them as its next
 * ones would miss some, or read the same ones for ever.
 */
function strayBehind(
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

/** The page up to what is not there; the next page begins there and throws. */
function upToStray(
  events: readonly StoredEvent[],
  after: Position,
  stray: Position | undefined,
): readonly StoredEvent[] {
  if (stray === undefined) return events;
  if (stray === Math.max(after, 0) + 1) {
    throw damaged(`Position ${stray} is not where it belongs`, { position: stray });
  }
  const end = events.findIndex(({ position }) => position === stray - 1);
  return events.slice(0, end + 1);
}

/** Whether an event stands behind a gap that was thinned out from `first` on. */
function isBehind(first: Position, position: Position, thinned: Thinned): boolean {
  return position > first && thinned.covers(first, position - 1);
}

/** The same for a page that is read backwards, of which nobody knows where it begins. */
function strayBelow(
  events: readonly StoredEvent[],
  before: Position,
  thinned: Thinned,
): Position | undefined {
  const first = events[0]?.position ?? 0;
  const stray = events.findIndex(({ position }, index) => {
    const above = events[index - 1]?.position ?? position + 1;
    return position !== above - 1 && !isBehind(position + 1, above, thinned);
  });
  if (stray < 0 && first < before) return undefined;
  return stray > 0 ? events[stray - 1]!.position - 1 : first;
}

/** Whether a page of a stream, read backwards, ends although there must be more before it. */
function endsEarly(events: readonly StoredEvent[], from: Version, limit: number): boolean {
  const lowest = events.at(-1)?.version;
  const isAskedFor = from >= 0 && from !== Number.MAX_SAFE_INTEGER;
  return events.length < limit && (lowest === undefined ? isAskedFor : lowest > 0);
}

/** Tells whether the versions before an event were thinned out, from `first` on. */
type AreThinned = (first: Version, event: StoredEvent, before?: StoredEvent) => boolean;

/**
 * The first version that is not there, of events that should be those of a stream, one version after
 * the other, but for what was thinned out. `first`: the version to begin with, if that is known.
 */
function strayVersion(
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

/** All of a page or nothing: a stream without its end would look like one that ends there. */
function wholeUnlessDamaged(events: readonly StoredEvent[], damagedFrom: Position) {
  if (events.some(({ position }) => position >= damagedFrom)) {
    throw unreadable(damagedFrom);
  }
  return events;
}

/** The page up to the damage. The next page begins there and throws. */
function upToDamage(events: readonly StoredEvent[], damagedFrom: Position) {
  const good = events.filter(({ position }) => position < damagedFrom);
  if (good.length === 0 && events.length > 0) {
    throw unreadable(damagedFrom);
  }
  return good;
}

function unreadable(damagedFrom: Position) {
  return damaged(`The log is damaged from position ${damagedFrom} on`, { position: damagedFrom });
}
