/**
 * What a decision on a task writes. It may take the task from the run that holds it, and then ends
 * that run, and does so first: from then on its worker can change nothing. On a log that is not
 * atomic a death in between leaves a task that is held by a run that is over.
 */
import { decideRun } from '../domain/run/decide.ts';
import type { HeldTask } from '../domain/task/decide/attempts.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import { evolveTask, type Task, type TaskState } from '../domain/task/state.ts';
import type { Loaded, Loader } from './load.ts';
import type { Caller, PlannedWrite } from './plan.ts';
import { writeAt } from './plans.ts';
import { stillborn } from './stillborn.ts';

/** A decision on a task, and what a run is told that loses its task by it. */
interface DecidedOnTask {
  readonly taskId: string;
  readonly events: readonly TaskEvent[];
  readonly caller: Caller;
  readonly nowMs: number;
  readonly reason: string;
}

/**
 * Writes for a decision on a task. When it takes a running task away from its run, the run is
 * ended in the same append, in the name of whoever decided.
 */
export async function taskWrites(
  loader: Loader,
  loaded: Loaded<TaskState>,
  decided: DecidedOnTask,
): Promise<readonly PlannedWrite[]> {
  const before = loaded.state?.standing;
  const write = writeAt(loaded, decided.events);
  if (before?.status !== 'running') return [write];
  const after = foldAll(loaded.state, decided).standing;
  if (after.status === 'running') return [write];
  const ended = await cancelRun(loader, loaded.state, decided);
  return ended === undefined ? [write] : [ended, write];
}

/** The end of the run that holds a task; undefined when it is over already. */
async function cancelRun(
  loader: Loader,
  task: TaskState,
  { taskId, caller, nowMs, reason }: DecidedOnTask,
): Promise<PlannedWrite | undefined> {
  if (!isHeld(task)) return undefined;
  const run = await loader.run(task.standing.claim.runId);
  const end = { type: 'CancelRun' as const, reason };
  if (run.state === undefined) {
    return writeAt(run, stillborn(taskId, task, { end, meta: { actor: caller.actor, at: nowMs } }));
  }
  const ended = decideRun(run.state, end);
  return ended.refused ? undefined : writeAt(run, ended.events);
}

function isHeld(task: TaskState): task is HeldTask {
  return task?.standing.status === 'running';
}

function foldAll(
  state: TaskState,
  decided: { events: readonly TaskEvent[]; caller: Caller; nowMs: number },
): Task {
  const meta = { actor: decided.caller.actor, at: decided.nowMs };
  let task = state;
  for (const event of decided.events) task = evolveTask(task, event, meta);
  if (task === undefined) throw new Error('a decision on a running task lost the task');
  return task;
}
