/** Looking after the keys of encrypted tasks: copies, restoring a board with them, forgetting. */
import type { Upkeep } from '../cli/root.ts';
import { restoreBackup } from '../log/sqlite/restore.ts';
import { forgetTasks } from './forget/forget.ts';
import {
  backupKeys,
  type MachineWithKeys,
  openKeyStore,
  refuseUnlessKeys,
  restoreKeys,
} from './keys.ts';

/** The part of upkeep that has to do with keys. */
export function createKeyUpkeep(
  machine: MachineWithKeys,
): Pick<Upkeep, 'backupKeys' | 'restore' | 'forget'> {
  return {
    backupKeys,
    restore: async (fromPath, directory, tell, keysPath) => {
      if (keysPath !== undefined) refuseUnlessKeys(keysPath, directory);
      const epoch = await restoreBackup(fromPath, directory, machine, tell);
      if (keysPath !== undefined) await restoreKeys(keysPath, directory);
      return epoch;
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
