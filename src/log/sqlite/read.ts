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

/** The reads of one connection; each throws `LogDamaged` where it meets what cannot be trusted. */
export interface Reader {
  readStream(stream: string, options: ReadStreamOptions): readonly StoredEvent[];
  readAll(options: ReadAllOptions): readonly StoredEvent[];
  head(): LogHead;
  hashAt(position: Position): string | undefined;
}

/** The columns of a stored event, under the names of the port: a row is an event as it is. */
export const eventColumns = `
  position, stream, version, id, type, schema_version AS schemaVersion, data, meta,
  recorded_at AS recordedAtMs`;

const selectEvents = `SELECT ${eventColumns} FROM events`;

/** The columns, in order. A list takes SQLite's binding half as long as an object does. */
type EventRow = [
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
  const last = db.prepare<[], LogHead>(
    'SELECT position, lower(hex(hash)) AS hash FROM events ORDER BY position DESC LIMIT 1',
  );
  const hashOf = db
    .prepare<[Position], string>('SELECT lower(hex(hash)) FROM events WHERE position = ?')
    .pluck();

  return {
    readStream(stream, { from, direction, limit }) {
      const rows = checkLimit(limit);
      const events =
        direction === 'backward'
          ? streamBackward.all(stream, from ?? Number.MAX_SAFE_INTEGER, rows)
          : streamForward.all(stream, from ?? 0, rows);
      return wholeUnlessDamaged(events, damagedFrom());
    },
    readAll({ after, direction, limit }) {
      const rows = checkLimit(limit);
      return direction === 'backward'
        ? wholeUnlessDamaged(allBackward.all(after ?? Number.MAX_SAFE_INTEGER, rows), damagedFrom())
        : upToDamage(allForward.all(after ?? 0, rows), damagedFrom());
    },
    head: () => last.get() ?? { position: 0, hash: '' },
    hashAt: (position) => hashOf.get(position),
  };
}

function asEvent(row: EventRow): StoredEvent {
  const [position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs] = row;
  return { position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs };
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
