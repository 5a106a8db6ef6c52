/** Compares the tables with what the log would make of them now. */
import type Database from 'better-sqlite3';
import type { Position } from '../src/log/event-log.ts';
import { openDatabase } from '../src/sqlite/open.ts';
import type { BuildOptions, BuildParts } from './build.ts';
import { openCheckpoint } from './checkpoint/checkpoint.ts';
import { compareTables, type Difference } from './compare.ts';
import { compareJournals } from './compare-journal.ts';
import { disagreement } from './confirm.ts';
import type { TableFiles } from './file.ts';
import { projections } from './index.ts';
import { buildFile } from './keep.ts';
import { whenFree } from './when-free.ts';

/** What a comparison of the tables with the log has shown. */
export interface Verification {
  /** The position the tables had reached, and up to which they were compared. */
  readonly position: Position;
  /** Why the tables are not even about this log, as half a sentence; null when they are. */
  readonly objection: string | null;
  /** At most 100 a table. */
  readonly differences: readonly Difference[];
}

/** Compares the present tables with new ones; the caller holds the build lock. */
export async function verifyCurrent(
  files: TableFiles,
  parts: BuildParts,
  options: Pick<BuildOptions, 'onProgress'>,
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
  { onProgress }: Pick<BuildOptions, 'onProgress'>,
): Promise<Verification> {
  const checkpoint = openCheckpoint(db).read();
  const objection = checkpoint ? await disagreement(parts.log, checkpoint) : 'they were replaced';
  const position = checkpoint?.position ?? 0;
  if (objection !== undefined) return { position, objection, differences: [] };
  const journals = compareJournals(db);
  const bare = { apart: new Map([...journals].map(([of, { folding }]) => [of, folding])) };
  const path = await buildFile(files, parts, { onProgress, upTo: position, bare });
  try {
    const others = projections.filter((each) => !journals.has(each));
    const inJournals = [...journals.values()].flatMap(({ finish }) => finish());
    const differences = [...compareTables(db, path, others), ...inJournals];
    return { position, objection: null, differences };
  } finally {
    files.remove(path);
  }
}
