/**
 * Writes a segment file: copies a range of the log, verifies the copy, and leaves it complete and
 * synced under a name of its own. It is no segment before it has its name and is attested.
 */
import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { createTransactions } from '../../sqlite/transaction.ts';
import type { Breathe } from '../breathe.ts';
import type { Position } from '../event-log.ts';
import {
  type ChainQueries,
  ChainWalk,
  prepareChainQueries,
  prepareFileQueries,
} from './chain-walk.ts';
import { damaged } from './condition.ts';
import { digestOfFile, type SegmentRange } from './segment-file.ts';

/** What there is to say about a finished file. */
export interface Written {
  readonly events: number;
  /** Hashes (hex) that the first event was appended to, and of the last one. */
  readonly before: string;
  readonly hash: string;
  readonly bytes: number;
  readonly digest: string;
}

/** What a copy is made with. */
export interface SegmentWriter {
  /** A connection to the log. */
  readonly db: Database.Database;
  readonly openCopy: (path: string) => Database.Database;
  readonly breathe: Breathe;
  /** Hears up to which position it has come. */
  readonly onProgress: (position: Position) => void;
}

/** Shape of the rows: that of `migrations/0001-events.sql`, less what is about appending. */
const shape = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    data TEXT NOT NULL,
    meta TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (stream, version)
  ) STRICT`;

/** The columns of a row, all of them. */
export const allColumns =
  'position, stream, version, id, type, schema_version, data, meta, recorded_at, prev_hash, hash';

/** Inserts a row of those columns. */
export const insertRow = `
  INSERT INTO events (${allColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** A row as SQLite gives and takes it; the position comes first. */
export type WholeRow = [position: Position, ...rest: unknown[]];

/** Rows that are copied at a time, in some ms. */
export const rowsAtOnce = 500;

/** Copies a range into a new file at `path`; what is left when it fails is none. */
export async function writeSegment(
  writer: SegmentWriter,
  range: SegmentRange,
  path: string,
): Promise<Written> {
  const chain = await copyAndVerify(writer, range, path);
  syncForReading(path);
  return { ...chain, ...(await digestOfFile(path)) };
}

async function copyAndVerify(writer: SegmentWriter, range: SegmentRange, path: string) {
  closeSync(openSync(path, 'wx', 0o600));
  const file = writer.openCopy(path);
  try {
    file.exec(shape);
    const events = await copyRows(writer, file, range);
    return { events, ...(await verifyCopy(writer, file, range)) };
  } finally {
    file.close();
  }
}

async function copyRows(
  { db, breathe, onProgress }: SegmentWriter,
  file: Database.Database,
  { from, upTo }: SegmentRange,
): Promise<number> {
  const select = db
    .prepare<[Position, Position, number], WholeRow>(
      `SELECT ${allColumns} FROM events WHERE position > ? AND position <= ?
       ORDER BY position LIMIT ?`,
    )
    .raw();
  const insert = file.prepare(insertRow);
  const { immediate } = createTransactions(file);
  let count = 0;
  for (let after = from - 1; ; ) {
    const rows = select.all(after, upTo, rowsAtOnce);
    const last = rows.at(-1);
    if (last === undefined) return count;
    immediate(() => {
      for (const row of rows) insert.run(...row);
    });
    count += rows.length;
    [after] = last;
    onProgress(after);
    await breathe();
  }
}

/** Verifies the chain of a copy, from the hash before its first event to that of its last one. */
async function verifyCopy(
  { db, breathe }: SegmentWriter,
  file: Database.Database,
  { from, upTo }: SegmentRange,
): Promise<{ before: string; hash: string }> {
  const before = file.prepare<[], string>(
    'SELECT lower(hex(prev_hash)) FROM events ORDER BY position LIMIT 1',
  );
  const end = file.prepare<[], Position>('SELECT max(position) FROM events');
  const given = before.pluck().get() ?? '';
  const last = end.pluck().get() ?? 0;
  const queries = queriesOf(prepareChainQueries(db), file, { from, last, given });
  const walk = new ChainWalk(queries, from, { attested: false });
  while (walk.isGoingOn) {
    walk.nextPage();
    await breathe();
  }
  const { problem, head } = walk;
  if (problem !== undefined) throw damaged(`The log is damaged: ${problem.message}`, problem);
  if (last < upTo && !queries.thinned.covers(last + 1, upTo)) {
    throw damaged(`Position ${last + 1} is missing`, { position: last + 1 });
  }
  return { before: given, hash: head.hash };
}

/** A walk through a copy; what stands before it is asked of the log. */
function queriesOf(
  log: ChainQueries,
  file: Database.Database,
  { from, last, given }: { from: Position; last: Position; given: string },
): ChainQueries {
  const own = prepareFileQueries(file);
  return {
    ...own,
    thinned: log.thinned,
    end: { get: () => last },
    positionBefore: { get: () => from - 1 },
    hashAt: { get: (position) => (position < from ? given : own.hashAt.get(position)) },
    positionInIndex: {
      get: (stream, version) =>
        own.positionInIndex.get(stream, version) ?? log.positionInIndex.get(stream, version),
    },
    versionBefore: {
      get: (stream, version) =>
        own.versionBefore.get(stream, version) ?? log.versionBefore.get(stream, version),
    },
  };
}

/** Makes a finished file durable, and takes away the right to write to it. */
function syncForReading(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  chmodSync(path, 0o400);
}
