/**
 * Backups: a copy of a live log, taken while it is in use.
 *
 * SQLite alone makes it: copying the files would miss what is in the write-ahead log, and reading
 * them would break the locks of this process.
 */
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type Database from 'better-sqlite3';
import { publish, refuseExisting } from './publish.ts';
import type { OnProgress } from './verify.ts';

/** How much is copied between two turns of the event loop: about a megabyte. */
const pagesAtOnce = 250;

/**
 * Copies what `source` holds now to `toPath`, which must not exist, in a file for its owner alone.
 * The copy appears at once and whole, once `complete` has put into it what else belongs there.
 * `onProgress` counts pages. Nothing else may use the connection meanwhile.
 */
export async function backupDatabase(
  source: Database.Database,
  toPath: string,
  onProgress?: OnProgress,
  complete: (partial: string) => Promise<void> = async () => {},
): Promise<void> {
  refuseExisting(toPath);
  const partial = `${toPath}.partial`;
  closeSync(openSync(partial, 'wx', 0o600));
  try {
    await copySnapshot(source, partial, onProgress);
    await complete(partial);
    await publish(partial, toPath);
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
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    const { totalPages } = await source.backup(toPath, {
      progress: ({ totalPages: total, remainingPages }) => {
        onProgress?.({ done: total - remainingPages, total });
        return pagesAtOnce;
      },
    });
    onProgress?.({ done: totalPages, total: totalPages });
  } finally {
    source.exec('COMMIT');
  }
}
