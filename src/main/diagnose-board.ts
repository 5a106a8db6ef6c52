/** The doctor's look at a board: its place, its log, its tables, and who works on it. */
import { statfsSync } from 'node:fs';
import type { Queries } from '../../projections/index.ts';
import { openProjections } from '../../projections/run.ts';
import { counted, figure } from '../cli/counted.ts';
import type { Finding } from '../cli/root.ts';
import type { EventLog } from '../log/event-log.ts';
import { formatKnown } from '../log/sqlite/format.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { logPlace } from '../log/sqlite/place.ts';
import { openSqliteLog, type SqliteLogDeps } from '../log/sqlite/sqlite-log.ts';
import * as fileSystem from '../sqlite/file-system.ts';
import { diagnoseWork } from './diagnose-work.ts';
import { bad, look, ok, warn } from './finding.ts';

/** Free space below which a board is in danger, and in trouble, in bytes. */
const roomyBytes = 1024 ** 3;
const tightBytes = 64 * 1024 ** 2;

/** Looks at the board in a directory. */
export async function* diagnoseBoard(
  directory: string,
  machine: SqliteLogDeps,
): AsyncGenerator<Finding> {
  yield await look('place', () => place(directory));
  yield await look('disk', () => disk(directory));
  let log: SqliteLog | undefined;
  yield await look('log', async () => {
    log = await openSqliteLog(directory, machine, { mode: 'read', create: false });
    return health(log);
  });
  if (log === undefined) return;
  try {
    yield* tables(directory, log, machine);
  } finally {
    await log.close();
  }
}

function place(directory: string): Finding {
  fileSystem.refuseUnsafeFileSystem(directory, fileSystem.fileSystemType);
  fileSystem.refuseWritableByOthers(directory);
  fileSystem.refuseWritableByOthers(logPlace(directory).database);
  return ok('place', `${directory}, a local file system, writable by its owner only`);
}

function disk(directory: string): Finding {
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  const found = `${figure(Math.round(free / 1024 ** 2))} MiB free`;
  const hint = 'Free some space: a full disk stops every write.';
  if (free < tightBytes) return bad('disk', found, hint);
  return free < roomyBytes ? warn('disk', found, hint) : ok('disk', found);
}

/** Opening has verified the end of the chain; `verify` reads all of it. */
async function health(log: SqliteLog): Promise<Finding> {
  const refused = log.writingRefused();
  const isOurDoing = refused !== undefined && refused.code === 'log_read_only';
  if (refused !== undefined && !isOurDoing) return bad('log', refused.message, refused.hint);
  const { position } = await log.head();
  const events = counted(position, 'event');
  return ok('log', `${events}, format ${formatKnown}, epoch ${log.epoch}, its end verified`);
}

async function* tables(
  directory: string,
  log: EventLog,
  { timers }: SqliteLogDeps,
): AsyncGenerator<Finding> {
  let queries: Queries | undefined;
  yield await look('tables', async () => {
    const projections = await openProjections({ log, timers, path: directory, readonly: true });
    queries = projections.queries;
    const { position } = await log.head();
    const behind = position - projections.checkpoint().position;
    if (behind <= 0) return ok('tables', 'up to date');
    return ok('tables', `${behind} positions behind: whoever reads next catches up`);
  });
  if (queries !== undefined) yield* diagnoseWork(queries);
}
