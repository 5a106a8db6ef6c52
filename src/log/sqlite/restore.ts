/**
 * A new board from a backup. It gets a new epoch: what happened after the backup is not in it, so
 * nothing that was granted under the old epoch may hold in the new one.
 */
import { chmod, copyFile, rm } from 'node:fs/promises';
import { ensureDirectory } from '../../sqlite/file-system.ts';
import { openDatabase } from '../../sqlite/open.ts';
import { createTransactions } from '../../sqlite/transaction.ts';
import { createBreathe } from '../breathe.ts';
import { asLogFault, damaged } from './condition.ts';
import { openFormat } from './format.ts';
import { logPlace, refuseUnlessBackup } from './place.ts';
import { publish, refuseExisting } from './publish.ts';
import type { SqliteLogDeps } from './sqlite-log.ts';
import { type OnProgress, verifyChain } from './verify.ts';

/** What a restore works with. */
export type RestoreDeps = Pick<SqliteLogDeps, 'clock' | 'timers' | 'newEpoch' | 'openDatabase'>;

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
  refuseUnlessBackup(backupPath);
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
    throw asLogFault(error, `restore ${backupPath}`);
  }
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
      // What was copied from a cluster is a log of its own from here on.
      db.exec('DROP TABLE IF EXISTS replica');
    });
    return epoch;
  } finally {
    db.close();
  }
}
