/** Copies of a board and of the keys of its tasks, boards made from them, and forgetting. */
import { stat } from 'node:fs/promises';
import type { Upkeep } from '../cli/upkeep.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { restoreBackup } from '../log/sqlite/restore.ts';
import { forgetTasks } from './forget/forget.ts';
import {
  backupKeys,
  keysHeld,
  type MachineWithKeys,
  openKeyStore,
  refuseUnlessKeys,
  restoreKeys,
} from './keys.ts';

/** The part of upkeep that has to do with copies and keys. */
export function createCopies(
  machine: MachineWithKeys,
  withLog: <T>(directory: string, work: (log: SqliteLog) => Promise<T>) => Promise<T>,
): Pick<Upkeep, 'backup' | 'backupKeys' | 'restore' | 'forget'> {
  return {
    backup: (directory, toPath, tell) =>
      withLog(directory, async (log) => {
        const { position } = await log.head();
        await log.backup(toPath, tell);
        const { size: bytes } = await stat(toPath);
        return { position, epoch: log.epoch, bytes, keys: keysHeld(directory, machine) };
      }),
    backupKeys,
    restore: async (fromPath, directory, tell, keysPath) => {
      if (keysPath !== undefined) refuseUnlessKeys(keysPath, directory);
      return restoreBackup(fromPath, directory, machine, {
        onProgress: tell,
        complete: async () => {
          if (keysPath !== undefined) await restoreKeys(keysPath, directory);
        },
      });
    },
    forget: async (directory, board, request) => {
      const keys = openKeyStore(directory, machine, 'write');
      try {
        return await forgetTasks({ directory, board, keys, timers: machine.timers }, request);
      } finally {
        keys.close();
      }
    },
  };
}
