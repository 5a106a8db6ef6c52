/** Keeps tables in a file or in memory: opens what is there, and makes anew what is of no use. */
import Database from 'better-sqlite3';
import { asFault, DatabaseFault, DatabaseRefused, type FaultKind } from '../src/sqlite/faults.ts';
import { type OpenRequest, openDatabase } from '../src/sqlite/open.ts';
import { type BuildOptions, type BuildParts, buildTables, type Progress } from './build.ts';
import { withBuildLock } from './build-lock.ts';
import { disagreement } from './confirm.ts';
import { createTableFiles, type TableFiles } from './file.ts';
import { createTables } from './fold.ts';
import { openTables, type Tables } from './tables.ts';
import { whenFree } from './when-free.ts';

/** A place for tables. */
export interface Keep {
  /** Tables that the log confirms. */
  open(): Promise<Tables>;
}

/** Who wants to know what opening does. */
export interface KeepListeners {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** The tables are made anew; why, as half a sentence. */
  readonly onRebuild?: ((why: string) => void) | undefined;
}

/** The place that a path names: a directory, or `:memory:`. */
export function keepAt(
  path: string,
  parts: BuildParts,
  options: KeepListeners & { readonly readonly?: boolean },
): Keep {
  if (path === ':memory:') return keepInMemory(parts);
  const files = createTableFiles(path);
  return options.readonly ? keepForReading(files, parts) : keepInFiles(files, parts, options);
}

/** In memory, where tables begin empty. */
function keepInMemory({ log }: Pick<BuildParts, 'log'>): Keep {
  return {
    async open() {
      const db = new Database(':memory:');
      createTables(db, log.epoch);
      return openTables(db);
    },
  };
}

/** In files, to be read only: whatever is wrong with them, somebody else must mend it. */
function keepForReading(files: TableFiles, parts: BuildParts): Keep {
  return {
    async open() {
      const found = await openCurrent(files, parts, 'read');
      if ('tables' in found) return found.tables;
      throw new DatabaseRefused(`There are no tables to read: ${found.why}`, {
        code: 'no_database',
        hint: 'Open the board for writing once: it makes them.',
      });
    },
  };
}

/** In files: what the log does not confirm is built anew beside the old, and takes its place. */
function keepInFiles(
  files: TableFiles,
  parts: BuildParts,
  { onProgress, onRebuild }: KeepListeners,
): Keep {
  async function open(): Promise<Tables> {
    const found = await openCurrent(files, parts, 'write');
    if ('tables' in found) return found.tables;
    return withBuildLock(files.lock, parts, openOrBuild);
  }

  async function openOrBuild(): Promise<Tables> {
    // Somebody else may have built them while this one waited for the lock.
    const found = await openCurrent(files, parts, 'write');
    if ('tables' in found) return found.tables;
    const { position } = await parts.log.head();
    if (position > 0) onRebuild?.(found.why);
    const path = await buildFile(files, parts, { onProgress });
    await replaceCurrent(files, path, parts);
    return whenFree(parts.timers, () => openTablesAt(path, parts, 'write'));
  }

  return { open };
}

/** Builds the tables in a new file, which is left to the caller, who holds the build lock. */
export async function buildFile(
  files: TableFiles,
  parts: BuildParts,
  options: BuildOptions,
): Promise<string> {
  const path = files.create();
  try {
    await buildTables(path, parts, options);
    return path;
  } catch (error) {
    files.remove(path);
    throw error;
  }
}

/**
 * Moves the link to a finished file, tells whoever has an older one open, and tidies up. The caller
 * holds the build lock: every other file is an old one, or one of a program of another version,
 * whose tables are left to it for as long as it keeps them up.
 */
export async function replaceCurrent(
  files: TableFiles,
  path: string,
  parts: BuildParts,
): Promise<void> {
  files.publish(path);
  for (const other of files.others()) {
    const isOurs = files.isOfThisVersion(other);
    if (isOurs) await retire(other, parts);
    if (isOurs || files.isIdle(other)) files.remove(other);
  }
}

type Found = { readonly tables: Tables } | { readonly why: string };

async function openCurrent(
  files: TableFiles,
  parts: BuildParts,
  access: 'read' | 'write',
): Promise<Found> {
  const path = files.current();
  if (path === undefined) return { why: 'there are none of this version' };
  const opened = await whenFree(parts.timers, () =>
    openUnlessDamaged(path, () => openTablesAt(path, parts, access)),
  );
  if (opened === undefined) return { why: 'they are damaged' };
  const checkpoint = opened.checkpoint();
  const why = checkpoint ? await disagreement(parts.log, checkpoint) : 'they were replaced';
  if (why === undefined) return { tables: opened };
  opened.close();
  return { why };
}

/** Whoever has the file open moves to the new one when it sees this. */
async function retire(path: string, parts: BuildParts): Promise<void> {
  await whenFree(parts.timers, () => {
    const tables = openUnlessDamaged(path, () => openTablesAt(path, parts, 'write'));
    try {
      tables?.retire();
    } finally {
      tables?.close();
    }
  });
}

/** Undefined when the database is damaged, or has not the expected tables. */
function openUnlessDamaged<T>(path: string, open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    const fault = asFault(error, `open the tables in ${path}`);
    if (fault instanceof DatabaseFault && damagedKinds.has(fault.kind)) return undefined;
    throw fault;
  }
}

/** `other` is what a database without the expected tables fails with. */
const damagedKinds: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'corrupt',
  'not_a_database',
  'other',
]);

function openTablesAt(path: string, parts: BuildParts, access: 'read' | 'write'): Tables {
  const db = openDatabase(request(path, parts, access));
  try {
    return openTables(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function request(path: string, parts: BuildParts, access: 'read' | 'write'): OpenRequest {
  return { path, access, durability: 'normal', trustFileSystem: parts.trustFileSystem };
}
