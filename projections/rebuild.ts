/** Makes all tables anew while the old ones serve, and tells whether they come out the same. */
import type Database from 'better-sqlite3';
import { codec as boardCodec, type Codec } from '../src/log/codec.ts';
import type { EventLog, Position } from '../src/log/event-log.ts';
import type { Timers } from '../src/log/ports.ts';
import { openDatabase } from '../src/sqlite/open.ts';
import type { BuildParts, Progress } from './build.ts';
import { withBuildLock } from './build-lock.ts';
import { openCheckpoint } from './checkpoint/checkpoint.ts';
import { compareTables, type Difference } from './compare.ts';
import { disagreement } from './confirm.ts';
import { createTableFiles, type TableFiles } from './file.ts';
import { buildFile, replaceCurrent } from './keep.ts';
import { whenFree } from './when-free.ts';

/** What to rebuild or verify. */
export interface RebuildOptions {
  readonly log: EventLog;
  readonly timers: Timers;
  /** The directory of the tables. */
  readonly path: string;
  /** The operator vouches for the locks of the file system. Default false. */
  readonly trustFileSystem?: boolean;
  /** Default: the codec of the board's catalogue. */
  readonly codec?: Codec;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a comparison of the tables with the log has shown. */
export interface Verification {
  /** The position the tables had reached, and up to which they were compared. */
  readonly position: Position;
  /** Why the tables are not even about this log, as half a sentence; null when they are. */
  readonly objection: string | null;
  /** At most 100 a table. */
  readonly differences: readonly Difference[];
}

/**
 * Builds new tables from the whole log and puts them in the place of the old. Whoever has the old
 * ones open moves to the new ones when it next catches up. Resolves with the position reached.
 * Rejects with `UnreadableEvent` or `ProjectionStopped`, and changes nothing, when an event cannot
 * be folded.
 */
export async function rebuild(options: RebuildOptions): Promise<Position> {
  const { files, parts } = placeOf(options);
  return withBuildLock(files.lock, parts, async () => {
    const { position } = await parts.log.head();
    const path = await buildFile(files, parts, { onProgress: options.onProgress, upTo: position });
    await replaceCurrent(files, path, parts);
    return position;
  });
}

/** Builds new tables up to where the present ones are, compares, and throws them away. */
export async function verify(options: RebuildOptions): Promise<Verification> {
  const { files, parts } = placeOf(options);
  return withBuildLock(files.lock, parts, () => verifyCurrent(files, parts, options));
}

async function verifyCurrent(
  files: TableFiles,
  parts: BuildParts,
  options: RebuildOptions,
): Promise<Verification> {
  const current = files.current();
  if (current === undefined) {
    return { position: 0, objection: 'there are none of this version', differences: [] };
  }
  const { trustFileSystem } = parts;
  const db = await whenFree(parts.timers, () =>
    openDatabase({ path: current, access: 'read', durability: 'normal', trustFileSystem }),
  );
  try {
    // What the others write from now on does not concern this reader.
    db.exec('BEGIN');
    return await verifySnapshot(db, files, parts, options);
  } finally {
    db.close();
  }
}

async function verifySnapshot(
  db: Database.Database,
  files: TableFiles,
  parts: BuildParts,
  { onProgress }: RebuildOptions,
): Promise<Verification> {
  const checkpoint = openCheckpoint(db).read();
  const objection = checkpoint ? await disagreement(parts.log, checkpoint) : 'they were replaced';
  const position = checkpoint?.position ?? 0;
  if (objection !== undefined) return { position, objection, differences: [] };
  const path = await buildFile(files, parts, { onProgress, upTo: position });
  try {
    return { position, objection: null, differences: compareTables(db, path) };
  } finally {
    files.remove(path);
  }
}

function placeOf(options: RebuildOptions): { files: TableFiles; parts: BuildParts } {
  const { log, timers, path, codec = boardCodec, trustFileSystem = false } = options;
  return { files: createTableFiles(path), parts: { log, timers, codec, trustFileSystem } };
}
