/**
 * The rows that may leave the log because a segment holds them: those of closed streams, but for
 * the last one of each stream that has a copy, to which the rest of the stream is joined.
 */
import type Database from 'better-sqlite3';
import { createWriteLock } from '../../sqlite/write-lock.ts';
import type { Breathe } from '../breathe.ts';
import type { Position } from '../event-log.ts';
import { Appender } from './append.ts';
import { damaged } from './condition.ts';
import type { Opened } from './opened.ts';
import { refuseOtherDigest, type Segment } from './segment-file.ts';
import { rowsAtOnce } from './segment-writer.ts';
import type { Segments } from './segments.ts';

/** Tells whether nothing is expected to happen in a stream any more. */
export type IsClosed = (stream: string) => boolean;

/** How much leaves. */
export interface Leaving {
  readonly events: number;
  /** Of text, in bytes. */
  readonly bytes: number;
  /** From which streams. */
  readonly streams: ReadonlySet<string>;
}

/** Nothing leaves. */
export const nothing: Leaving = { events: 0, bytes: 0, streams: new Set() };

interface Row {
  readonly position: Position;
  readonly stream: string;
  readonly hash: string;
  readonly bytes: number;
  /** Whether its successor in its stream has a copy too. */
  readonly isFollowed: 0 | 1;
}

/** Rows up to a position, some of them at a time, as they are when their turn comes. */
function* leavingRows(
  db: Database.Database,
  { after, upTo }: { readonly after: Position; readonly upTo: Position },
  isClosed: IsClosed,
): Generator<{ readonly rows: readonly Row[]; readonly last: Position; readonly of: number }> {
  const select = db.prepare<[{ after: Position; upTo: Position; limit: number }], Row>(`
    SELECT position, stream, lower(hex(hash)) AS hash,
      octet_length(stream) + octet_length(id) + octet_length(type) + octet_length(data)
        + octet_length(meta) AS bytes,
      ifnull((SELECT position FROM events AS next
        WHERE next.stream = e.stream AND next.version > e.version
        ORDER BY version LIMIT 1) <= @upTo, 0) AS isFollowed
    FROM events AS e WHERE position > @after AND position <= @upTo ORDER BY position LIMIT @limit`);
  for (let cursor = after; ; ) {
    const page = select.all({ after: cursor, upTo, limit: rowsAtOnce });
    const last = page.at(-1)?.position;
    if (last === undefined) return;
    const rows = page.filter((row) => row.isFollowed === 1 && isClosed(row.stream));
    yield { rows, last, of: page.length };
    cursor = last;
  }
}

/** Counts what could leave, of how many, if all between two positions were in segments. */
export async function countLeaving(
  db: Database.Database,
  range: { readonly after: Position; readonly upTo: Position },
  isClosed: IsClosed,
  breathe: Breathe,
): Promise<Leaving & { readonly of: number }> {
  const sum = createSum();
  let all = 0;
  for (const { rows, of } of leavingRows(db, range, isClosed)) {
    add(sum, rows);
    all += of;
    await breathe();
  }
  return { ...sum, of: all };
}

/** How long to wait for the write lock. */
const lockWaitMsMax = 10_000;

/** Lets rows leave that are in segments, some in one transaction; others write in between. */
export async function leave(
  db: Database.Database,
  log: Pick<Opened, 'waiting' | 'clock'> & { readonly segments: Segments },
  isClosed: IsClosed,
  between: (position: Position) => Promise<void>,
): Promise<Leaving> {
  const { segments } = log;
  const lock = createWriteLock(db, log.waiting);
  const appender = new Appender(db, segments, () => log.clock.nowMs());
  const begin = db.prepare('INSERT INTO archiving (only, from_position, up_to) VALUES (1, ?, ?)');
  const end = db.prepare('DELETE FROM archiving');
  const remove = db.prepare<[Position, Buffer]>(
    'DELETE FROM events WHERE position = ? AND hash = ?',
  );
  const sum = createSum();
  const examined = new Set<Position>();

  /** What leaves is gone here: its copy has to be what was verified, to the last byte. */
  async function examine(segment: Segment): Promise<void> {
    if (examined.has(segment.from)) return;
    await refuseOtherDigest(segment);
    examined.add(segment.from);
  }

  function leaveNow(segment: Segment, rows: readonly Row[]): void {
    appender.begin();
    begin.run(segment.from, segment.upTo);
    for (const row of rows) {
      // Somebody else may have let it go meanwhile.
      const { changes } = remove.run(row.position, Buffer.from(row.hash, 'hex'));
      if (changes === 1) add(sum, [row]);
    }
    end.run();
  }

  for (const { rows, last } of leavingRows(db, { after: 0, upTo: segments.upTo }, isClosed)) {
    for (const segment of segments.known) {
      const own = rows.filter(({ position }) => isIn(segment, position));
      if (own.length === 0) continue;
      await examine(segment);
      for (const row of own) refuseUnlessCopied(segments, segment, row);
      await lock.withLock(() => leaveNow(segment, own), lockWaitMsMax);
    }
    await between(last);
  }
  return sum;
}

function isIn({ from, upTo }: Segment, position: Position): boolean {
  return position >= from && position <= upTo;
}

/** What is not in the segment, exactly as it is here, stays. */
function refuseUnlessCopied(segments: Segments, segment: Segment, row: Row): void {
  const { position, hash } = row;
  if (segments.read(segment, (reads) => reads.hashAt(position)) === hash) return;
  throw damaged(`Position ${position} is not the same in ${segment.path}`, { position });
}

interface Sum extends Leaving {
  events: number;
  bytes: number;
  readonly streams: Set<string>;
}

function createSum(): Sum {
  return { events: 0, bytes: 0, streams: new Set() };
}

function add(sum: Sum, rows: readonly Row[]): void {
  sum.events += rows.length;
  for (const { bytes, stream } of rows) {
    sum.bytes += bytes;
    sum.streams.add(stream);
  }
}
