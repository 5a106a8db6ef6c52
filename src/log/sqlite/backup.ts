/**
 * Backups: a copy of a live log, and a new board from such a copy.
 *
 * A live log is copied by SQLite alone. A restored copy gets a new epoch: what happened after the
 * backup is not in it, so nothing that was granted under the old epoch may hold in the new one.
 */
import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { chmod, copyFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { ensureDirectory, syncDirectory } from '../../sqlite/file-system.ts';
import { type OpenDatabase, openDatabase } from '../../sqlite/open.ts';
import { createTransactions } from '../../sqlite/transaction.ts';
import { LogUnavailable } from '../event-log.ts';
import type { Clock, Timers } from '../ports.ts';
import { createBreathe } from './breathe.ts';
import { damaged } from './condition.ts';
import { openFormat } from './format.ts';
import { logPlace } from './place.ts';
import { type OnProgress, verifyChain } from './verify.ts';

/** What a restore works with. */
export interface RestoreDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  newEpoch(): string;
  readonly openDatabase?: OpenDatabase;
}

/** How much is copied between two turns of the event loop: about a megabyte. */
const pagesAtOnce = 250;

/**
 * Copies what `source` holds now to `toPath`, which must not exist, in a file for its owner alone. The
 * copy appears at once and whole. `onProgress` counts pages. Nothing else may use the connection
 * meanwhile.
 */
export async function backupDatabase(
  source: Database.Database,
  toPath: string,
  onProgress?: OnProgress,
): Promise<void> {
  refuseExisting(toPath);
  const partial = `${toPath}.partial`;
  closeSync(openSync(partial, 'wx', 0o600));
  try {
    await copySnapshot(source, partial, onProgress);
    await publish(partial, toPath);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * Makes a new board directory from a backup: copies it, verifies every event of the copy, and gives
 * it a new epoch, which it answers. `onProgress` counts events. Rejects with `LogDamaged` when the
 * backup does not verify, and leaves nothing behind then.
 */
export async function restoreBackup(
  backupPath: string,
  directory: string,
  deps: RestoreDeps,
  onProgress?: OnProgress,
): Promise<string> {
  refuseLiveLog(backupPath);
  const target = logPlace(directory).database;
  refuseExisting(target);
  ensureDirectory(directory);
  const partial = `${target}.partial`;
  try {
    await copyFile(backupPath, partial);
    await chmod(partial, 0o600);
    const epoch = await renewEpoch(partial, deps, onProgress);
    await publish(partial, target);
    return epoch;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Without a transaction around it, every commit of another process would start it all over. */
async function copySnapshot(
  source: Database.Database,
  toPath: string,
  onProgress: OnProgress | undefined,
): Promise<void> {
  source.exec('BEGIN');
  try {
    source.prepare('SELECT epoch FROM log_meta').get();
    await source.backup(toPath, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress?.({ done: totalPages - remainingPages, total: totalPages });
        return pagesAtOnce;
      },
    });
  } finally {
    source.exec('COMMIT');
  }
}

/** Makes a finished file durable, then visible. */
async function publish(partial: string, path: string): Promise<void> {
  const descriptor = openSync(partial, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  await rename(partial, path);
  syncDirectory(dirname(path));
}

async function renewEpoch(
  path: string,
  deps: RestoreDeps,
  onProgress: OnProgress | undefined,
): Promise<string> {
  const db = (deps.openDatabase ?? openDatabase)({ path, durability: 'full' });
  try {
    openFormat(db);
    const progress = onProgress ? { onProgress } : {};
    const { problem } = await verifyChain(db, progress, createBreathe(deps));
    if (problem !== undefined) {
      throw damaged(`The backup does not verify: ${problem.message}`, problem);
    }
    const epoch = deps.newEpoch();
    createTransactions(db).immediate(() => {
      db.prepare('UPDATE log_meta SET epoch = ?').run(epoch);
    });
    return epoch;
  } finally {
    db.close();
  }
}

function refuseExisting(path: string): void {
  if (existsSync(path)) {
    throw new LogUnavailable(`There is a file at ${path} already`, {
      code: 'file_exists',
      hint: 'Choose another place: nothing is ever overwritten.',
      retryable: false,
    });
  }
}

/** Copying the file of a live log would miss what is in its write-ahead log, and break its locks. */
function refuseLiveLog(path: string): void {
  if (existsSync(`${path}-wal`)) {
    throw new LogUnavailable(`${path} is a log in use, or was not closed: it is no backup`, {
      code: 'not_a_backup',
      hint: 'Take a backup of it first: `logboard backup`.',
      retryable: false,
    });
  }
}
