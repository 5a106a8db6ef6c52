/** Makes the tables of a whole log in a new file, which nobody else reads until it is finished. */
import type Database from 'better-sqlite3';
import type { Codec } from '../src/log/codec.ts';
import type { LogReader, Position } from '../src/log/event-log.ts';
import { pagesOf } from '../src/log/pages.ts';
import type { Timers } from '../src/log/ports.ts';
import { openDatabase } from '../src/sqlite/open.ts';
import { type Checkpoint, openCheckpoint, startAt } from './checkpoint/checkpoint.ts';
import { createTables, type Fold, openFold } from './fold.ts';
import { foldInBulk } from './fold-in-bulk.ts';
import { projections } from './index.ts';
import { type Folding, type Projection, stoppedAt } from './projection.ts';

/** What building takes. */
export interface BuildParts {
  readonly log: LogReader;
  readonly codec: Codec;
  readonly timers: Timers;
  /** The operator vouches for the locks of the file system. */
  readonly trustFileSystem: boolean;
}

/** How far a build has come, in positions. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** How to build. */
export interface BuildOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** The last position to fold. Default: the end of the log. */
  readonly upTo?: Position | undefined;
  /** For tables that are compared and thrown away. Default: they are to be used. */
  readonly bare?: BareTables | undefined;
}

/** Tables without what only queries need. */
export interface BareTables {
  /** What takes the events of some projections, whose tables stay empty. */
  readonly apart: ReadonlyMap<Projection, Folding>;
}

/** Events read at a time: few, so that their garbage is cheap and others have a turn. */
const pageSize = 1_000;

/** SQLite's cache while building, as a negative number of KiB. */
const cacheKib = -64 * 1024;

/**
 * Folds the log into the empty file at `path`. Everything is one transaction whose journal nobody
 * keeps, made durable by its commit: a file whose build was interrupted is worthless, and nobody's.
 * Throws `UnreadableEvent` or `ProjectionStopped`, naming the event, when one cannot be folded.
 */
export async function buildTables(
  path: string,
  parts: BuildParts,
  options: BuildOptions = {},
): Promise<Checkpoint> {
  const { trustFileSystem } = parts;
  const db = openDatabase({ path, durability: 'normal', trustFileSystem });
  try {
    // OFF is not to be had: better-sqlite3 would stay with the write-ahead log, and say nothing.
    db.pragma('journal_mode = MEMORY');
    db.pragma(`cache_size = ${cacheKib}`);
    db.exec('BEGIN EXCLUSIVE');
    const checkpoint = await fillIndexedAfterwards(db, parts, options);
    db.exec('COMMIT');
    db.pragma('journal_mode = WAL');
    return checkpoint;
  } finally {
    db.close();
  }
}

/**
 * Makes the tables in an empty database and folds the log into them, in a transaction of the
 * caller.
 */
export async function fillIndexedAfterwards(
  db: Database.Database,
  parts: BuildParts,
  options: BuildOptions,
): Promise<Checkpoint> {
  const { bare } = options;
  const addIndexes = createUnindexed(
    db,
    parts.log.epoch,
    bare ? projections.map(bared) : projections,
  );
  const checkpoint = await fill(db, parts, options);
  if (bare === undefined) addIndexes();
  return checkpoint;
}

function bared(projection: Projection): Projection {
  return { ...projection, shape: projection.bareShape ?? projection.shape };
}

/**
 * Creates all tables without their indexes; answers how to add those. To sort an index once costs
 * less than to keep it sorted, and folding asks only by primary keys.
 */
export function createUnindexed(
  db: Database.Database,
  epoch: string,
  among: readonly Projection[] = projections,
): () => void {
  createTables(db, epoch, among);
  const indexes = db
    .prepare<[], Index>(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL`)
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  return () => {
    for (const { sql } of indexes) db.exec(sql);
  };
}

interface Index {
  readonly name: string;
  readonly sql: string;
}

async function fill(
  db: Database.Database,
  parts: BuildParts,
  options: BuildOptions,
): Promise<Checkpoint> {
  const { log } = parts;
  const position = await foldAll(
    openFold(db, projections, options.bare?.apart),
    parts,
    options,
  ).catch(async (error: unknown) => {
    // Folding takes events as they are. Whether one is not what its type says, care will tell.
    await decodeWithCare(parts, stoppedAt(error) ?? options.upTo);
    throw error;
  });
  const checkpoint = { position, epoch: log.epoch, hash: (await log.hashAt(position)) ?? '' };
  openCheckpoint(db).advance(startAt(log.epoch), checkpoint);
  return checkpoint;
}

/** Resolves with the last position folded. */
async function foldAll(
  fold: Fold,
  { log, codec, timers }: BuildParts,
  { onProgress, upTo }: BuildOptions,
): Promise<Position> {
  const end = (await log.head()).position;
  const total = Math.min(end, upTo ?? end);
  let position: Position = 0;
  const take = foldInBulk(fold, codec);
  for await (const page of pagesOf(log, { upTo, pageSize })) {
    for (const stored of page) take(stored);
    position = page.at(-1)?.position ?? position;
    onProgress?.({ done: Math.min(position, total), total });
    await new Promise<void>((resolve) => timers.immediate(resolve));
  }
  fold.flush();
  return position;
}

/** Throws `UnreadableEvent` at the first event that is not what its type says. */
async function decodeWithCare({ log, codec }: BuildParts, upTo: Position | undefined) {
  for await (const page of pagesOf(log, { upTo, pageSize })) page.forEach(codec.decode);
}
