/**
 * Turns decisions into plans: what to append where, for the moves that touch one task and its run.
 */
import type { BoardDomainEvent } from '../domain/catalogue.ts';
import type { Json } from '../domain/limits.ts';
import { openParents } from '../domain/readiness.ts';
import { type Decision, type Refusal, refuse } from '../domain/refusal.ts';
import { decideRun } from '../domain/run/decide.ts';
import type { TaskCommand } from '../domain/task/commands.ts';
import type { HeldTask } from '../domain/task/decide/attempts.ts';
import { decideTask } from '../domain/task/decide.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import { evolveTask, type Standing, type Task, type TaskState } from '../domain/task/state.ts';
import type { Loaded, Loader } from './load.ts';
import type { Caller, PlannedWrite } from './plan.ts';
import { stillborn } from './stillborn.ts';

/** A write of these events at the version the aggregate was loaded at. */
export function writeAt(
  loaded: Loaded<unknown>,
  events: readonly BoardDomainEvent[],
): PlannedWrite {
  const expected = loaded.version === -1 ? 'no_stream' : loaded.version;
  return { stream: loaded.stream, expected, events };
}

/** A write of nothing: the append holds only while the aggregate still stands where it was read. */
export function guardAt(loaded: Loaded<unknown>): PlannedWrite {
  return writeAt(loaded, []);
}

/** The refusal for an id nobody knows, with the id in it. */
export function noSuchTask(taskId: string): Refusal {
  return refuse('no_such_task', `There is no task ${taskId}.`, {
    hint: 'List the tasks with `logboard list --archived`.',
    facts: { taskId },
  });
}

/** The refusal for a run id nobody knows. */
export function noSuchRun(runId: string): Refusal {
  return refuse('no_such_run', `There is no run ${runId}.`, {
    hint: 'List the runs of a task with `logboard runs <task>`.',
    facts: { runId },
  });
}

/** Adds facts (ids, mostly) to a refusal. */
export function withFacts(refusal: Refusal, facts: Readonly<Record<string, Json>>): Refusal {
  return { ...refusal, facts: { ...facts, ...refusal.facts } };
}

/** The parents of a task as they stand now: which are open, and guards that pin what was read. */
export async function readParents(
  loader: Loader,
  task: Pick<Task, 'parents' | 'waivedParents'>,
): Promise<{ open: readonly string[]; guards: readonly PlannedWrite[] }> {
  const standings = new Map<string, Standing | undefined>();
  const guards: PlannedWrite[] = [];
  for (const parentId of task.parents) {
    if (task.waivedParents.includes(parentId)) continue;
    const parent = await loader.task(parentId);
    standings.set(parentId, parent.state?.standing);
    guards.push(guardAt(parent));
  }
  return { open: openParents(task, (id) => standings.get(id)), guards };
}

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
 * ended in the same append, in the name of whoever decided; and first, since from then on its worker
 * can change nothing. Whoever dies in between leaves a task that is held by a run that is over.
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

/** Decides on a loaded task; an unknown id is refused with the id in the sentence. */
export function decideOn(
  taskId: string,
  loaded: Loaded<TaskState>,
  command: TaskCommand,
): Decision<TaskEvent> {
  if (loaded.state === undefined && command.type !== 'CreateTask') return noSuchTask(taskId);
  const decision = decideTask(loaded.state, command);
  return decision.refused ? withFacts(decision, { taskId }) : decision;
}
