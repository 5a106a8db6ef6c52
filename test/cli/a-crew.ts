/** Workers for tests of the command line: claimed by a dispatcher, with what it gives them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Commands } from '../../src/app/commands.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { hashToken } from '../../src/host/ids.ts';
import { openBoardAt } from '../../src/main.ts';
import { accepted } from '../kit/callers.ts';
import { type CommandLine, commandLine, type Setting } from './command-line.ts';

/** A worker with its task, and another task that a run of somebody else holds. */
export interface Crew {
  readonly cli: CommandLine;
  readonly task: string;
  readonly run: string;
  readonly other: { readonly task: string; readonly run: string };
  /** The environment the dispatcher gave the worker. */
  readonly given: Setting;
}

/** A worker of its own board. */
export async function hire(): Promise<Crew> {
  const cli = commandLine();
  const task = await cli.create('Paint the hull', '--assignee', 'paint');
  const otherTask = await cli.create('Caulk the deck');
  const other = await cli.json(['claim', otherTask]);
  const { run, given } = await hireFor(cli, task);
  return { cli, task, run, other: { task: otherTask, run: other.runId }, given };
}

/** A worker for a task: its run, and the environment the dispatcher gives it. */
export async function hireFor(
  cli: CommandLine,
  task: string,
): Promise<Pick<Crew, 'run' | 'given'>> {
  const run = await claimAsDispatcher(cli, task, 'secret');
  const workspace = join(cli.directory, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const tokenFile = join(cli.directory, 'token');
  writeFileSync(tokenFile, 'secret\n');
  const environment = {
    LOGBOARD_BOARD: join(cli.directory, '.logboard'),
    LOGBOARD_TASK: task,
    LOGBOARD_RUN: run,
    LOGBOARD_RUN_TOKEN_FILE: tokenFile,
    LOGBOARD_WORKSPACE: workspace,
  };
  return { run, given: { environment } };
}

async function claimAsDispatcher(cli: CommandLine, task: string, token: string): Promise<string> {
  const tokenHash = hashToken(token);
  const claim = await asDispatcher(cli, (by) => by.claim(task, { kind: 'worker', tokenHash }));
  return claim.runId;
}

/** Lets the worker of a run crash. */
export async function crash(cli: CommandLine, run: string): Promise<void> {
  const evidence = { seen: 'a test' };
  const end = { type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence } as const;
  await asDispatcher(cli, (by) => by.endRun(run, end));
}

async function asDispatcher<T extends { readonly refused: false }>(
  { directory }: CommandLine,
  act: (by: Commands) => Promise<T | Refusal>,
): Promise<T> {
  const place = join(directory, '.logboard');
  const board = await openBoardAt(place, { access: 'write', policy: undefined });
  try {
    const caller = { actor: { kind: 'dispatcher', id: 'quay' }, surface: 'dispatcher' } as const;
    return await accepted(act(board.as(caller)));
  } finally {
    await board.close();
  }
}

/** The worker's environment, changed; undefined takes a variable away. */
export function withEnvironment(
  { given }: Pick<Crew, 'given'>,
  changes: Readonly<Record<string, string | undefined>>,
): Setting {
  const changed = Object.entries({ ...given.environment, ...changes });
  const kept = changed.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { environment: Object.fromEntries(kept) };
}
