/** The doctor's look at the keys of encrypted tasks: there, private, and nothing half forgotten. */
import { statSync } from 'node:fs';
import type { Finding } from '../cli/upkeep.ts';
import { isSealed } from '../log/sealing/envelope.ts';
import { type KeyStore, keyStorePath } from '../log/sqlite/key-store.ts';
import { openSqliteLog } from '../log/sqlite/sqlite-log.ts';
import { counted } from '../wire/counted.ts';
import { bad, look, ok, warn } from './finding.ts';
import { type MachineWithKeys, openKeyStore } from './keys.ts';

/** Looks at the keys of the board in a directory; a board that encrypts nothing has none. */
export async function* diagnoseKeys(
  directory: string,
  machine: MachineWithKeys,
): AsyncGenerator<Finding> {
  const keys = openKeyStore(directory, machine, 'read');
  try {
    if (!keys.exists()) {
      if (await sealsSomething(directory, machine)) {
        yield bad('keys', `keys.db is not in ${directory}`, putBack);
      }
      return;
    }
    yield await look('keys', () => standing(directory, keys));
    yield* unfinished(keys);
  } finally {
    keys.close();
  }
}

const putBack = 'Put it back: without it nobody can read the text of encrypted tasks.';

function standing(directory: string, keys: KeyStore): Finding {
  const path = keyStorePath(directory);
  if ((statSync(path).mode & 0o077) !== 0) {
    return bad('keys', `${path} can be read by other users`, `Run: chmod 600 ${path}`);
  }
  const { held, forgotten } = keys.counts();
  const isOn = keys.sealsNewTasks();
  const tasks = `${counted(held, 'task')} encrypted, ${forgotten} forgotten`;
  return ok('keys', `${tasks}; new ones ${isOn ? 'are encrypted' : 'are not'}`);
}

function* unfinished(keys: KeyStore): Generator<Finding> {
  for (const { taskId, finishedAtMs } of keys.forgettings()) {
    if (finishedAtMs !== null) continue;
    const found = `forgetting ${taskId} was begun and not finished: its text may still be there`;
    yield warn('keys', found, `Run: logboard forget ${taskId}`);
  }
}

/** The end of the log is enough: it is asked only where there are no keys at all. */
async function sealsSomething(directory: string, machine: MachineWithKeys): Promise<boolean> {
  try {
    const log = await openSqliteLog(directory, machine, { mode: 'read', create: false });
    const end = { direction: 'backward', limit: 1_000, asStored: true } as const;
    return await log
      .readAll(end)
      .then((page) => page.some(isSealed))
      .finally(() => log.close());
  } catch {
    // What is wrong with the log was said where the log was looked at.
    return false;
  }
}
