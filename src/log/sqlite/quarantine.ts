/** A damaged log is kept as it was found, for whoever looks into it before it is mended. */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { logPlace } from './place.ts';

/**
 * Copies the files of the log in `directory` to `damaged/` beside it; answers where that is.
 * Undefined when there is such a copy, however it came about: a program that is started again and
 * again on a damaged log fills no disk. Removing the copy makes room for another one.
 *
 * Only for a process without a connection to this log: closing a file drops the locks on it.
 */
export async function quarantineLog(directory: string): Promise<string | undefined> {
  const { database } = logPlace(directory);
  const kept = join(directory, 'damaged');
  if (existsSync(kept) || !existsSync(database)) return undefined;
  const partial = await mkdtemp(`${kept}-`);
  try {
    for (const file of [database, `${database}-wal`]) {
      if (existsSync(file)) await copyFile(file, join(partial, basename(file)));
    }
    // Fails where another process has put its copy meanwhile.
    await rename(partial, kept);
    return kept;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (existsSync(kept)) return undefined;
    throw error;
  }
}
