/**
 * Reads: pages of events, the head and single hashes; what has left the log for a segment file is
 * read from there, and nobody above notices.
 *
 * Each is one statement that is over before anything else happens: a read that stayed open would
 * keep the write-ahead log from ever becoming smaller.
 */
import type Database from 'better-sqlite3';
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
import type { Segments } from './segments.ts';
import { endsEarly, strayBackward, strayBehind, strayVersion } from './stray.ts';
import { Thinned } from './thinned.ts';
import { createPages } from './whole-pages.ts';

/** The reads of one connection; each throws `LogDamaged` where it meets what cannot be trusted. */
export interface Reader {
  readStream(stream: string, options: ReadStreamOptions): readonly StoredEvent[];
  readAll(options: ReadAllOptions): readonly StoredEvent[];
  head(): LogHead;
  hashAt(position: Position): string | undefined;
  hashBefore(position: Position): string | undefined;
}

/** Prepares the reads of a connection; positions from `damagedFrom` on are not given out. */
export function createReader(
  db: Database.Database,
  segments: Segments,
  damagedFrom: () => Position,
): Reader {
  const pages = createPages(db, segments);
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
        () => (isBackward ? pages.streamBefore : pages.streamAfter)(stream, begin, rows),
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
    readAll({ after, direction, limit, charsMax }) {
      const rows = checkLimit(limit);
      if (direction === 'backward') {
        const before = after ?? Number.MAX_SAFE_INTEGER;
        // As it was before the page is read: what comes meanwhile is not missing from it.
        const top = Math.min(before - 1, last.get()?.position ?? 0);
        const { events, stray } = soundly(
          () => pages.before(before, rows),
          (page) => strayBackward(page, { before, top, limit: rows }, thinned),
        );
        if (stray !== undefined) throw damaged(`Position ${stray} is not where it belongs`);
        return wholeUnlessDamaged(events, damagedFrom());
      }
      const begin = after ?? 0;
      const { events, stray } = soundly(
        () => pages.after(begin, rows, charsMax),
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
