/** Everything a worker finds when it starts: its workspace, its files, its environment. */
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { Board } from '../app/board.ts';
import type { Breathe } from '../log/breathe.ts';
import { type GivenRun, givenVariables } from './given-variables.ts';
import type { Host, WorkerSpec } from './ports.ts';
import type { WorkerDefinition } from './worker-definition.ts';

/** The attempt to prepare for. */
export interface Attempt {
  readonly taskId: string;
  readonly runId: string;
  readonly attempt: number;
  readonly definition: WorkerDefinition;
  /** Begins with the run's id, so that a process or a slot says which run it belongs to. */
  readonly nonce: string;
  readonly token: string;
}

/** What preparing takes from the rest of the dispatcher. */
export interface PrepareDeps {
  readonly board: Pick<Board, 'context' | 'nowMs' | 'projections'>;
  readonly host: Pick<Host, 'workspaces' | 'runFiles' | 'environment'>;
  readonly boardDirectory: string;
  /** Many are prepared at once: those whose claims were in one commit. */
  readonly breathe: Breathe;
  /** Where the board's server is; undefined when there is none. */
  readonly url: string | undefined;
}

/** What a worker is shown: its task, and what was written about it. */
export interface Shown {
  readonly task: GivenRun['task'] & Pick<TaskRow, 'workspace'>;
  readonly context: string;
}

/**
 * Makes the workspace of a task that has one of its own, and says what else is to be made, and what
 * to start. Throws what the host throws.
 */
export async function prepareWorker(attempt: Attempt, deps: PrepareDeps): Promise<WorkerSpec> {
  const { taskId } = attempt;
  const { board } = deps;
  await deps.breathe();
  // The context catches up with the claim, and so the task is read from the same tables after it.
  const context = await board.context(taskId);
  const task = board.projections.queries.task(taskId, board.nowMs());
  if (task === undefined || typeof context !== 'string') throw new Error(`${taskId} is gone`);
  return specOf(attempt, { task, context }, deps);
}

/** The same, for a worker whose task is known already. */
export async function specOf(
  attempt: Attempt,
  { task, context }: Shown,
  {
    host,
    boardDirectory,
    url,
  }: Pick<PrepareDeps, 'host' | 'url'> & {
    /** Undefined where the board is on another machine. */
    readonly boardDirectory: string | undefined;
  },
): Promise<WorkerSpec> {
  const { taskId, runId, definition, nonce, token } = attempt;
  const branch = task.branch ?? undefined;
  const workspace = await host.workspaces.prepare({ taskId, runId, ...task.workspace, branch });
  const { paths, make } = host.runFiles.plan(runId, { token, context });
  const cwd = workspace.path;
  const run = { task, runId, attempt: attempt.attempt, workspace: cwd, paths };
  const given = givenVariables({ boardDirectory, url, ...run });
  const spec = {
    make: [...make, ...workspace.make],
    argv: definition.run,
    cwd,
    environment: host.environment(definition.inherit, { ...definition.env, ...given }),
    nonce,
    logPath: paths.log,
    statusPath: paths.exit,
  };
  return definition.stdin === 'context' ? { ...spec, stdinPath: paths.context } : spec;
}
