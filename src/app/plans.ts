/**
 * Turns decisions into plans: what to append where, for the moves that touch one task and its run.
 */
import type { BoardDomainEvent } from '../domain/catalogue.ts';
import type { Json } from '../domain/limits.ts';
import { openParents } from '../domain/readiness.ts';
import { type Decision, type Refusal, refuse } from '../domain/refusal.ts';
import type { TaskCommand } from '../domain/task/commands.ts';
import { decideTask } from '../domain/task/decide.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import type { Standing, Task, TaskState } from '../domain/task/state.ts';
import type { Loaded, Loader } from './load.ts';
import type { PlannedWrite } from './plan.ts';

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
