/** The keys of a board, for whoever looks after them. */
import { chmod, copyFile } from 'node:fs/promises';
import { backupDatabase } from '../log/sqlite/backup.ts';
import {
  createKeyStore,
  type KeyStore,
  type KeyStoreDeps,
  keyStorePath,
  refuseUnlessKeyStore,
} from '../log/sqlite/key-store.ts';
import { refuseUnlessBackup } from '../log/sqlite/place.ts';
import { publish, refuseExisting, removeWithSideFiles } from '../log/sqlite/publish.ts';
import { type SqliteLogDeps, waitingOn } from '../log/sqlite/sqlite-log.ts';
import { openDatabase } from '../sqlite/open.ts';

/** What logs with keys take from the machine. */
export type MachineWithKeys = SqliteLogDeps & Pick<KeyStoreDeps, 'randomBytes'>;

/** Opens the keys of the board in a directory. */
export function openKeyStore(
  directory: string,
  machine: MachineWithKeys,
  mode: 'read' | 'write',
): KeyStore {
  return createKeyStore(directory, { ...machine, waiting: waitingOn(machine) }, { mode });
}

/** How many tasks' keys there are. */
export function keysHeld(directory: string, machine: MachineWithKeys): number {
  const keys = openKeyStore(directory, machine, 'read');
  try {
    return keys.counts().held;
  } finally {
    keys.close();
  }
}

/** Copies the keys of a board to `toPath`, which must not exist, for its owner alone. */
export async function backupKeys(directory: string, toPath: string): Promise<void> {
  const source = openDatabase({
    path: keyStorePath(directory),
    durability: 'full',
    access: 'read',
  });
  try {
    await backupDatabase(source, toPath);
  } finally {
    source.close();
  }
}

/** Throws `LogUnavailable` unless `fromPath` can be a copy of keys, and there are none yet. */
export function refuseUnlessKeys(fromPath: string, directory: string): void {
  refuseUnlessBackup(fromPath);
  refuseExisting(keyStorePath(directory));
}

/** Puts a copy of keys into a board that has none. Rejects with `LogUnavailable` if it is none. */
export async function restoreKeys(fromPath: string, directory: string): Promise<void> {
  const target = keyStorePath(directory);
  const partial = `${target}.partial`;
  try {
    await copyFile(fromPath, partial);
    await chmod(partial, 0o600);
    refuseUnlessKeyStore(partial, fromPath);
    await publish(partial, target);
  } catch (error) {
    await removeWithSideFiles(partial);
    throw error;
  }
}
