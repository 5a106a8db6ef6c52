/** The one way to open a database: the place, the library and every setting are checked first. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { asFault, DatabaseRefused } from './faults.ts';
import {
  ensureDirectory,
  ensureFile,
  type FileSystemType,
  fileSystemType,
  refuseUnsafeFileSystem,
  refuseWritableByOthers,
} from './file-system.ts';

/** What to open, and how. */
export interface OpenRequest {
  readonly path: string;
  /**
   * `full`: a commit survives a power cut. `normal`: the last commits may be lost, for files that
   * can be made again.
   */
  readonly durability: 'full' | 'normal';
  /**
   * `read` creates nothing and cannot write. `draft` writes in one transaction that is given up in
   * the end: until then nothing of it reaches the file, whatever becomes of the process. `copy`
   * fills a file that is there and that nobody else has open, wherever it is; it has to be synced
   * when it is finished. Default `write`.
   */
  readonly access?: 'write' | 'read' | 'draft' | 'copy';
  /** The operator vouches for the locks of a file system that would be refused. Default false. */
  readonly trustFileSystem?: boolean;
}

/** What is asked of the machine. Tests pretend to be another one. */
export interface Machine {
  readonly fileSystemType: FileSystemType;
  sqliteVersion(db: Database.Database): string;
}

/** Opens a database. */
export type OpenDatabase = (request: OpenRequest) => Database.Database;

/** The machine this program runs on. */
export const thisMachine: Machine = {
  fileSystemType,
  sqliteVersion: (db) => db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '',
};

/** Older ones can damage a database when a checkpoint meets a commit (sqlite.org/wal.html). */
const oldestSafeVersion = '3.51.3';

/** The write-ahead log's file is cut back to this after a checkpoint, in bytes. */
const walBytesKept = 16 * 1024 * 1024;

/**
 * Opens, creates if need be (directory 0700, files 0600) and prepares the database.
 *
 * Throws `DatabaseRefused` when the place, the library or a setting is not safe, `DatabaseFault`
 * when SQLite fails; of kind `busy` while somebody else creates, recovers or closes it: try again.
 */
export function openDatabase(request: OpenRequest, machine = thisMachine): Database.Database {
  preparePlace(request, machine);
  const readonly = request.access === 'read';
  const db = open(request.path, readonly);
  try {
    refuseOldLibrary(machine.sqliteVersion(db));
    for (const setting of settings(request)) {
      applySetting(db, setting);
    }
    return db;
  } catch (error) {
    db.close();
    throw asFault(error, `open ${request.path}`);
  }
}

function preparePlace(request: OpenRequest, machine: Machine): void {
  const { path } = request;
  const directory = dirname(path);
  if (mayCreate(request)) {
    ensureDirectory(directory);
  } else if (!existsSync(path)) {
    throw new DatabaseRefused(`There is no database at ${path}`, {
      code: 'no_database',
      hint: 'Check the path, or create the board first.',
    });
  }
  if (request.access === 'copy') return;
  if (request.trustFileSystem !== true) {
    refuseUnsafeFileSystem(directory, machine.fileSystemType);
  }
  refuseWritableByOthers(directory);
  if (mayCreate(request)) {
    ensureFile(path);
  }
  refuseWritableByOthers(path);
}

function mayCreate({ access = 'write' }: OpenRequest): boolean {
  return access === 'write';
}

function open(path: string, readonly: boolean): Database.Database {
  try {
    return new Database(path, { readonly, fileMustExist: true, timeout: 0 });
  } catch (error) {
    throw asFault(error, `open ${path}`);
  }
}

function refuseOldLibrary(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0, oldestPatch = 0] = oldestSafeVersion
    .split('.')
    .map(Number);
  const difference = major - oldestMajor || minor - oldestMinor || patch - oldestPatch;
  if (difference < 0) {
    throw new DatabaseRefused(`SQLite ${version} can damage a database under load`, {
      code: 'sqlite_too_old',
      hint: `Reinstall better-sqlite3 so that it brings SQLite ${oldestSafeVersion} or newer.`,
    });
  }
}

type Setting = readonly [name: string, value: number | string, reads: number | string];

/** Each setting with what it must read back as. */
function settings(request: OpenRequest): readonly Setting[] {
  const forEveryone: readonly Setting[] = [
    // Waiting inside SQLite would stop the event loop.
    ['busy_timeout', 0, 0],
    // Per connection, and NORMAL unless asked: without it the last commits die in a power cut.
    synchronous(request),
    ['foreign_keys', 'ON', 1],
    // A damaged page is reported instead of being read as something else.
    ['cell_size_check', 'ON', 1],
    // The schema comes out of the file: it must not call functions with side effects.
    ['trusted_schema', 'OFF', 0],
  ];
  const forWriters: readonly Setting[] = [
    ['journal_mode', 'WAL', 'wal'],
    ['journal_size_limit', walBytesKept, walBytesKept],
  ];
  const forDrafts: readonly Setting[] = [
    ['journal_mode', 'MEMORY', 'memory'],
    // A page that does not fit into memory any more would be written to the file.
    ['cache_spill', 'OFF', 0],
    ['temp_store', 'MEMORY', 2],
  ];
  const forCopies: readonly Setting[] = [['journal_mode', 'MEMORY', 'memory']];
  const own = { write: forWriters, read: [], draft: forDrafts, copy: forCopies };
  return [...own[request.access ?? 'write'], ...forEveryone];
}

function synchronous({ durability, access }: OpenRequest): Setting {
  if (access === 'copy') return ['synchronous', 'OFF', 0];
  return durability === 'full' ? ['synchronous', 'FULL', 2] : ['synchronous', 'NORMAL', 1];
}

function applySetting(db: Database.Database, [name, value, reads]: Setting): void {
  db.pragma(`${name} = ${value}`);
  const found = db.pragma(name, { simple: true });
  if (found !== reads) {
    throw new DatabaseRefused(`SQLite did not keep ${name} = ${value}: it says ${String(found)}`, {
      code: 'setting_not_kept',
      hint: 'Move the board to a local disk that no other program keeps open.',
    });
  }
}
