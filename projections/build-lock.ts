/**
 * One builder at a time: who finds tables of no use while another process builds them waits, and
 * then has them. The lock is the operating system's, and dies with its holder.
 */
import type Database from 'better-sqlite3';
import { asFault, isBusy } from '../src/sqlite/faults.ts';
import { openDatabase } from '../src/sqlite/open.ts';
import type { BuildParts } from './build.ts';
import { whenFree } from './when-free.ts';

/** Tries until the holder is given up on: longer than any build takes. */
const triesMax = 1_000_000;

/** Does `work` while nobody else builds tables in the directory that the lock file is in. */
export async function withBuildLock<T>(
  path: string,
  parts: BuildParts,
  work: () => Promise<T>,
): Promise<T> {
  const db = await whenFree(parts.timers, () => lock(path, parts), triesMax);
  try {
    return await work();
  } finally {
    db.close();
  }
}

/** Takes the lock and answers the way to give it back; undefined while somebody else has it. */
export function tryBuildLock(path: string, parts: BuildParts): (() => void) | undefined {
  try {
    const db = lock(path, parts);
    return () => void db.close();
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** An open transaction of a database that holds nothing else. */
function lock(path: string, { trustFileSystem }: BuildParts): Database.Database {
  const db = openDatabase({ path, durability: 'normal', trustFileSystem });
  try {
    db.exec('BEGIN IMMEDIATE');
    return db;
  } catch (error) {
    db.close();
    throw asFault(error, `lock ${path}`);
  }
}
