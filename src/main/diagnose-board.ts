/** The doctor's look at a board: its place, its log, its tables, and who works on it. */
import { openProjections, type Projections } from '../../projections/run.ts';
import type { Finding } from '../cli/upkeep.ts';
import { createDispatcherProbe } from '../host/dispatcher-probe.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Timers } from '../log/ports.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { openSqliteLog, type SqliteLogDeps } from '../log/sqlite/sqlite-log.ts';
import { counted } from '../wire/counted.ts';
import { disk, place } from './diagnose-place.ts';
import { diagnosedTasks } from './diagnose-tasks.ts';
import { diagnoseWork } from './diagnose-work.ts';
import { bad, look, ok } from './finding.ts';

/** What it is looked at with. */
export interface BoardDoctor {
  readonly log: SqliteLogDeps;
  /** The home directory of this host. */
  readonly home: string;
}

/** Looks at the board in a directory. */
export async function* diagnoseBoard(
  directory: string,
  { log: machine, home }: BoardDoctor,
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
    yield* segments(log);
    yield* tables({ directory, log, home, timers: machine.timers });
  } finally {
    await log.close();
  }
}

/** Opening has verified the end of the chain; `verify` reads all of it. */
async function health(log: SqliteLog): Promise<Finding> {
  const refused = log.writingRefused();
  const isOurDoing = refused !== undefined && refused.code === 'log_read_only';
  if (refused !== undefined && !isOurDoing) return bad('log', refused.message, refused.hint);
  const { position } = await log.head();
  const events = counted(position, 'event');
  return ok('log', `${events}, format ${await log.format()}, its end verified`);
}

/** The files of what was archived; a board that archived nothing has none. */
async function* segments(log: SqliteLog): AsyncGenerator<Finding> {
  if ((await log.segmentedUpTo()) === 0) return;
  yield await look('segments', async () => {
    const { files, faults } = await log.checkSegments();
    const [first] = faults;
    if (first !== undefined) return bad('segments', first.message, first.hint);
    return ok('segments', `${counted(files, 'file')}, as attested`);
  });
}

interface Tabled extends Pick<BoardDoctor, 'home'> {
  readonly directory: string;
  readonly log: EventLog;
  readonly timers: Timers;
}

async function* tables({ directory: path, log, home, timers }: Tabled): AsyncGenerator<Finding> {
  let projections: Projections | undefined;
  yield await look('tables', async () => {
    projections = await openProjections({ log, timers, path, readonly: true });
    const { position } = await log.head();
    const behind = position - projections.checkpoint().position;
    if (behind <= 0) return ok('tables', 'up to date');
    const [older, caughtUp] = [projections, await openCaughtUp({ log, timers, path })];
    projections = caughtUp;
    older.close();
    return ok('tables', `caught up with ${counted(behind, 'event')}`);
  });
  if (projections === undefined) return;
  const { queries } = projections;
  try {
    const probe = createDispatcherProbe(home);
    yield* diagnoseWork(queries, probe);
    yield await look('tasks', () => diagnosedTasks(queries, probe));
  } finally {
    projections.close();
  }
}

/**
 * Like whoever reads: what came last stands in the log alone, such as the goodbye of a dispatcher,
 * and without it all would look as if it had been left behind.
 */
async function openCaughtUp(where: Parameters<typeof openProjections>[0]): Promise<Projections> {
  const projections = await openProjections(where);
  try {
    await projections.catchUp();
    return projections;
  } catch (error) {
    projections.close();
    throw error;
  }
}
