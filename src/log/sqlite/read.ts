/**
 * Reads: pages of events, the head and single hashes.
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
import { Thinned } from './thinned.ts';

/** The reads of one connection; each throws `LogDamaged` where it meets what cannot be trusted. */
export interface Reader {
  readStream(stream: string, options: ReadStreamOptions): readonly StoredEvent[];
  readAll(options: ReadAllOptions): readonly StoredEvent[];
  head(): LogHead;
  hashAt(position: Position): string | undefined;
  hashBefore(position: Position): string | undefined;
}

/** The columns of a stored event, under the names of the port: a row is an event as it is. */
export const eventColumns = `
  position, stream, version, id, type, schema_version AS schemaVersion, data, meta,
  recorded_at AS recordedAtMs`;

const selectEvents = `SELECT ${eventColumns} FROM events`;

/** The columns, in order. A list takes SQLite's binding half as long as an object does. */
export type EventRow = [
  position: Position,
  stream: string,
  version: Version,
  id: string,
  type: string,
  schemaVersion: number,
  data: string,
  meta: string,
  recordedAtMs: number,
];

/** Prepares the reads of a connection; positions from `damagedFrom` on are not given out. */
export function createReader(db: Database.Database, damagedFrom: () => Position): Reader {
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

  return {
    readStream(stream, { from, direction, limit }) {
      const rows = checkLimit(limit);
      const events =
        direction === 'backward'
          ? streamBackward.all(stream, from ?? Number.MAX_SAFE_INTEGER, rows)
          : streamForward.all(stream, from ?? 0, rows);
      const first = direction === 'backward' ? undefined : (from ?? 0);
      refuseStrays(events, { stream, first }, areThinnedVersions);
      return wholeUnlessDamaged(events, damagedFrom());
    },
    readAll({ after, direction, limit }) {
      const rows = checkLimit(limit);
      if (direction === 'backward') {
        const before = after ?? Number.MAX_SAFE_INTEGER;
        const events = allBackward.all(before, rows);
        refuseUnlessDescending(events, before, thinned);
        return wholeUnlessDamaged(events, damagedFrom());
      }
      const events = allForward.all(after ?? 0, rows);
      return upToDamage(upToStray(events, after ?? 0, thinned), damagedFrom());
    },
    head: () => last.get() ?? { position: 0, hash: '' },
    hashAt: (position) => hashOf.get(position),
    hashBefore: (position) => hashBefore.get(position),
  };
}

/** The event of a row; further columns are left out. */
export function asEvent(row: Readonly<EventRow>): StoredEvent {
  const [position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs] = row;
  return { position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs };
}

/**
 * The page up to the first event that does not follow the one before it, unless what is missing was
 * thinned out. A damaged page of the database can lead SQLite to other rows than were asked for; a
 * reader who took them as its next ones would miss some, or read the same ones for ever.
 */
function upToStray(
  events: readonly StoredEvent[],
  after: Position,
  thinned: Thinned,
): readonly StoredEvent[] {
  const next = (index: number) => (events[index - 1]?.position ?? Math.max(after, 0)) + 1;
  const stray = events.findIndex(
    ({ position }, index) => position !== next(index) && !isBehind(next(index), position, thinned),
  );
  if (stray === 0) {
    throw damaged(`Position ${next(0)} is not where it belongs`, { position: next(0) });
  }
  return stray < 0 ? events : events.slice(0, stray);
}

/** Whether an event stands behind a gap that was thinned out from `first` on. */
function isBehind(first: Position, position: Position, thinned: Thinned): boolean {
  return position > first && thinned.covers(first, position - 1);
}

/** The same for a page that is read backwards, of which nobody knows where it begins. */
function refuseUnlessDescending(
  events: readonly StoredEvent[],
  before: Position,
  thinned: Thinned,
): void {
  const first = events[0]?.position ?? 0;
  const stray = events.findIndex(({ position }, index) => {
    const above = events[index - 1]?.position ?? position + 1;
    return position !== above - 1 && !isBehind(position + 1, above, thinned);
  });
  if (stray >= 0 || first >= before) {
    const position = stray > 0 ? events[stray - 1]!.position - 1 : first;
    throw damaged(`Position ${position} is not where it belongs`);
  }
}

/** Tells whether the versions before an event were thinned out, from `first` on. */
type AreThinned = (first: Version, event: StoredEvent, before?: StoredEvent) => boolean;

/**
 * Throws unless the events are those of the stream, one version after the other, but for what was
 * thinned out. `first`: the version asked for; undefined for a page that is read backwards.
 */
function refuseStrays(
  events: readonly StoredEvent[],
  { stream, first }: { stream: string; first: Version | undefined },
  areThinned: AreThinned,
): void {
  const rising = first === undefined ? events.toReversed() : events;
  const begin = first === undefined ? (rising[0]?.version ?? 0) : Math.max(first, 0);
  const next = (index: number) => (index === 0 ? begin : rising[index - 1]!.version + 1);
  const stray = rising.findIndex((event, index) => {
    if (event.stream !== stream) return true;
    const missing = event.version - next(index);
    return missing !== 0 && !(missing > 0 && areThinned(next(index), event, rising[index - 1]));
  });
  if (stray >= 0) {
    throw damaged(`Version ${next(stray)} of ${stream} is not where it belongs`);
  }
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
