/**
 * The log of a board: in its directory, or on a cluster. A directory remembers the cluster that it
 * was opened with, so that whoever finds the directory, a worker for one, finds the board.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenRequest } from '../cli/root.ts';
import { errnoOf } from '../host/host-error.ts';
import { type EventLog, LogUnavailable } from '../log/event-log.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import type { SqliteLogDeps } from '../log/sqlite/sqlite-log.ts';

/** Which log to open, and how. */
export type LogRequest = Pick<OpenRequest, 'access' | 'encrypt' | 'log' | 'onLogTrouble'>;

/** Opens the log of the board in a directory. Rejects with `LogUnavailable` or `LogDamaged`. */
export async function openBoardLog(
  directory: string,
  { access, encrypt, log = rememberedCluster(directory), onLogTrouble }: LogRequest,
  deps: SqliteLogDeps,
): Promise<EventLog> {
  const mode = access === 'read' ? 'read' : 'write';
  const create = access === 'create';
  if (log === undefined) {
    const { openSqliteLog } = await import('../log/sqlite/sqlite-log.ts');
    return openSqliteLog(directory, deps, { mode, create, encrypt });
  }
  if (encrypt === true) throw noSealing();
  const { openClusterLog } = await import('../log/eventstoredb/open.ts');
  const trouble = onLogTrouble === undefined ? {} : { onTrouble: onLogTrouble };
  const opened = await openClusterLog(log, directory, deps, { mode, create, ...trouble });
  remember(directory, log);
  return opened;
}

/** Where to look for a cluster, and what its log works with. */
interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: SqliteLogDeps;
}

/**
 * Opens a board's log for work on its files. The replica of a board on a cluster is brought up to
 * date before. Rejects with `LogUnavailable` where the work is not possible on a cluster.
 */
export async function openLogFiles(
  directory: string,
  mode: 'read' | 'write',
  surroundings: Surroundings,
): Promise<SqliteLog> {
  await refreshReplica(directory, mode, surroundings);
  const { openSqliteLog } = await import('../log/sqlite/sqlite-log.ts');
  return openSqliteLog(directory, surroundings.log, { mode, create: false });
}

async function refreshReplica(
  directory: string,
  mode: 'read' | 'write',
  { environment, log: deps }: Surroundings,
): Promise<void> {
  const log = (environment['LOGBOARD_LOG'] || undefined) ?? rememberedCluster(directory);
  if (log === undefined) return;
  if (mode === 'write') throw notOnCluster();
  const board = await openBoardLog(directory, { access: 'read', log }, deps);
  await board.close();
}

function notOnCluster(): LogUnavailable {
  return new LogUnavailable('What lives on a cluster is not thinned or archived from here', {
    code: 'not_on_cluster',
    hint: 'Give the nodes of the cluster room; a new host reads the board from its beginning.',
    retryable: false,
  });
}

/** Keys are files of one host: what one host seals, the others could not read. */
function noSealing(): LogUnavailable {
  return new LogUnavailable('A board on a cluster cannot encrypt the text of its tasks', {
    code: 'no_sealing_on_cluster',
    hint: 'Leave `privacy.encrypt` out, and encrypt the disks of the cluster.',
    retryable: false,
  });
}

/** Whether a directory is that of a board on a cluster. */
export function rememberedCluster(directory: string): string | undefined {
  try {
    return readFileSync(fileIn(directory), 'utf8').trim() || undefined;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** A connection string may hold a password: the file is for its owner, and appears whole. */
function remember(directory: string, log: string): void {
  if (rememberedCluster(directory) === log) return;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const partial = `${fileIn(directory)}.${process.pid}`;
  writeFileSync(partial, `${log}\n`, { mode: 0o600 });
  chmodSync(partial, 0o600);
  renameSync(partial, fileIn(directory));
}

function fileIn(directory: string): string {
  return join(directory, 'cluster');
}
