/**
 * One set-up at a time per checkout: a directory that exists while somebody installs or builds,
 * with the name of that process inside. A lock whose process is gone is put aside.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_EVERY_MS = 100;

/**
 * Does the work while holding the checkout's lock; waits for it first, and says for whom.
 *
 * @template Result
 * @param {string} root
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withLock(root, work) {
  const lock = join(root, '.bootstrap', 'lock');
  let waitedFor = '';
  while (!take(lock)) {
    const owner = readOwner(lock);
    if (owner === undefined) continue;
    if (!isAlive(owner)) putAside(lock, owner);
    else {
      if (owner !== waitedFor) announce(lock, owner);
      waitedFor = owner;
      await sleep(RETRY_EVERY_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/**
 * Moves a complete lock into place. That succeeds for one process only: a directory cannot be
 * renamed onto another that has something in it.
 *
 * @param {string} lock
 */
function take(lock) {
  const mine = `${lock}.${process.pid}`;
  mkdirSync(mine, { recursive: true });
  writeFileSync(join(mine, 'owner'), identity(process.pid));
  try {
    renameSync(mine, lock);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @param {string} lock */
function readOwner(lock) {
  try {
    return readFileSync(join(lock, 'owner'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * A process id and, where /proc tells it, the time its process started: in a container the same few
 * ids come round again and again.
 *
 * @param {number} pid
 */
function identity(pid) {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    const startTime = afterName.split(' ')[19];
    return `${pid} started at ${startTime}`;
  } catch {
    return `${pid}`;
  }
}

/** @param {string} owner */
function isAlive(owner) {
  const pid = Number.parseInt(owner, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  return identity(pid) === owner;
}

/**
 * Removes a lock that was left behind. Between the look and the move somebody else may have done
 * the same and taken the lock; then it is given back.
 *
 * @param {string} lock
 * @param {string} owner
 */
function putAside(lock, owner) {
  const aside = `${lock}.left.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readOwner(aside) === owner) rmSync(aside, { recursive: true });
  else renameSync(aside, lock);
}

/**
 * @param {string} lock
 * @param {string} owner
 */
function announce(lock, owner) {
  console.error(`logboard: waiting for process ${owner}, which sets this checkout up (${lock})`);
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
