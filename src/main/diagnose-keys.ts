/** The doctor's look at the keys of encrypted tasks: there, private, and nothing half forgotten. */
import { statSync } from 'node:fs';
import type { Finding } from '../cli/upkeep.ts';
import type { EventLog } from '../log/event-log.ts';
import { pagesBefore } from '../log/pages.ts';
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

/** Events at the end of a log that are looked at. */
const endLength = 1_000;

/** The end of the log is enough: it is asked only where there are no keys at all. */
async function sealsSomething(directory: string, machine: MachineWithKeys): Promise<boolean> {
  try {
    const log = await openSqliteLog(directory, machine, { mode: 'read', create: false });
    return await endIsSealed(log).finally(() => log.close());
  } catch {
    // What is wrong with the log was said where the log was looked at.
    return false;
  }
}

async function endIsSealed(log: EventLog): Promise<boolean> {
  let looked = 0;
  for await (const page of pagesBefore(log, Number.MAX_SAFE_INTEGER, { asStored: true })) {
    if (page.some(isSealed)) return true;
    looked += page.length;
    if (looked >= endLength) return false;
  }
  return false;
}
