/** Boards on disk whose past lies as far back as a test wants. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openProjections } from '../../projections/run.ts';
import { createBoard } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { ada, dispatcher, workerOf } from '../kit/callers.ts';
import { type CommandLine, commandLine } from './command-line.ts';

/** Those who act on a board. */
export interface Hands {
  readonly people: Commands;
  readonly fleet: Commands;
  worker(runId: string): Commands;
}

/** A fresh board with one kind of worker, which says what it can load. */
export async function yard(): Promise<CommandLine> {
  const cli = commandLine();
  writeFileSync(
    join(cli.directory, 'logboard.yaml'),
    'workers:\n  paint: { run: ["true"], skills: [brush, "bosun\'s knot"] }\n',
  );
  await cli.run(['init']);
  return cli;
}

/** The same board in another place, to try something on. */
export function copyOf(cli: CommandLine): CommandLine {
  const copy = commandLine();
  cpSync(cli.directory, copy.directory, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Does something on the board of a folder, as if so long ago. */
export async function longAgo<T>(
  { directory }: CommandLine,
  agoMs: number,
  act: (hands: Hands) => Promise<T>,
): Promise<T> {
  const path = join(directory, '.logboard');
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() - agoMs };
  const timers = systemTimers;
  const deps = { clock, timers, random: Math.random, newEpoch: () => 'unused' };
  const log = await openSqliteLog(path, deps, { mode: 'write', create: false });
  const projections = await openProjections({ log, path, timers });
  const board = createBoard({ log, projections, clock, ids: createIds({ clock, randomBytes }) });
  try {
    const [people, fleet] = [board.as(ada), board.as(dispatcher)];
    return await act({ people, fleet, worker: (runId) => board.as(workerOf(runId)) });
  } finally {
    await board.close();
  }
}
