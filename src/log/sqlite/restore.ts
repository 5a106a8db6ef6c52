/**
 * A new board from a backup. It gets a new epoch: what happened after the backup is not in it, so
 * nothing that was granted under the old epoch may hold in the new one.
 */
import { chmod, copyFile } from 'node:fs/promises';
import { ensureDirectory, removeCreated } from '../../sqlite/file-system.ts';
import { openDatabase } from '../../sqlite/open.ts';
import { createTransactions } from '../../sqlite/transaction.ts';
import { createBreathe } from '../breathe.ts';
import { LogDamaged, LogUnavailable } from '../event-log.ts';
import { asLogFault, damaged } from './condition.ts';
import { openFormat } from './format.ts';
import { logPlace, refuseUnlessBackup } from './place.ts';
import { publish, refuseExisting, removeWithSideFiles } from './publish.ts';
import type { SqliteLogDeps } from './sqlite-log.ts';
import { type OnProgress, verifyChain } from './verify.ts';

/** What a restore works with. */
export type RestoreDeps = Pick<SqliteLogDeps, 'clock' | 'timers' | 'newEpoch' | 'openDatabase'>;

/** What happens on the way. */
export interface RestoreSteps {
  /** Counts events. */
  readonly onProgress?: OnProgress;
  /** Puts beside the log what else belongs to the board; the log appears after it. */
  readonly complete?: () => Promise<void>;
}

/**
 * Makes a new board directory from a backup: copies it, verifies every event of the copy, and gives
 * it a new epoch, which it answers. Rejects with `LogDamaged` when the backup does not verify, and
 * leaves nothing behind then, no directory either.
 */
export async function restoreBackup(
  backupPath: string,
  directory: string,
  deps: RestoreDeps,
  { onProgress, complete = async () => {} }: RestoreSteps = {},
): Promise<string> {
  refuseUnlessBackup(backupPath);
  const target = logPlace(directory).database;
  refuseExisting(target);
  const firstCreated = ensureDirectory(directory);
  const partial = `${target}.partial`;
  try {
    await copyFile(backupPath, partial);
    await chmod(partial, 0o600);
    const epoch = await renewEpoch(partial, deps, onProgress);
    await complete();
    await publish(partial, target);
    return epoch;
  } catch (error) {
    await removeWithSideFiles(partial);
    removeCreated(directory, firstCreated);
    throw aboutBackup(asLogFault(error, `restore ${backupPath}`), { backupPath, partial });
  }
}

/** What is wrong with the copy is wrong with the backup, and the copy is gone. */
function aboutBackup(
  fault: unknown,
  { backupPath, partial }: { readonly backupPath: string; readonly partial: string },
): unknown {
  const isNoLog = fault instanceof LogUnavailable && fault.code === 'not_a_log';
  if (!(fault instanceof LogDamaged || isNoLog)) return fault;
  const message = fault.message.replaceAll(partial, backupPath);
  const hint = 'Name a file that `logboard backup` made; nothing was made of this one.';
  if (isNoLog) return new LogUnavailable(message, { ...fault, hint, cause: fault });
  const { position } = fault as LogDamaged;
  const where = position === undefined ? {} : { position };
  return new LogDamaged(message, { ...where, hint, cause: fault });
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
