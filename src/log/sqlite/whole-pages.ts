/**
 * Pages of a log and of its streams, put together from segment files and from the log itself. They
 * hold what there is; whether anything is missing is for whoever asked to see.
 */
import type Database from 'better-sqlite3';
import { atMost } from '../../sqlite/at-most.ts';
import type { Position, StoredEvent, Version } from '../event-log.ts';
import { untilFull } from '../until-full.ts';
import { asEvent, type EventRow, eventColumns } from './event-row.ts';
import type { Segments } from './segments.ts';
import { endsEarly } from './stray.ts';

/** Rows asked for at a time where texts may be long: each can be 2 MiB. */
const rowsAtOnce = 32;

const selectEvents = `SELECT ${eventColumns} FROM events`;

/** Prepares the pages of a connection: at most `limit` events each. */
export function createPages(db: Database.Database, segments: Segments) {
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

  /** From segment files what is in them, and the rest from the log itself. */
  function pageAfter(after: Position, limit: number): readonly StoredEvent[] {
    const { upTo } = segments;
    if (after >= upTo) return allForward.all(after, limit);
    const archived = segments.after(after, limit);
    return [...archived, ...allForward.all(upTo, limit - archived.length)];
  }

  /** A few rows at a time: those that no longer fit into the page would be loaded for nothing. */
  function* eventsAfter(after: Position, limit: number): Generator<StoredEvent> {
    for (let [cursor, left] = [after, limit]; left > 0; ) {
      const asked = Math.min(left, rowsAtOnce);
      const events = pageAfter(cursor, asked);
      yield* events;
      if (events.length < asked) return;
      cursor = events.at(-1)!.position;
      left -= asked;
    }
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

  /** As `pageAfter`, and no longer than texts of `charsMax` characters make it. */
  function fullPageAfter(after: Position, limit: number, charsMax?: number) {
    if (charsMax === undefined) return pageAfter(after, limit);
    return untilFull(eventsAfter(after, limit), charsMax);
  }

  return { after: fullPageAfter, before: pageBefore, streamAfter, streamBefore };
}
