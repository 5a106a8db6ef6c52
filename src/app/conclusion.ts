/**
 * What a run's end means for its task. It follows from the end alone, so that anybody may draw it:
 * whoever ended the run, in the same append where the log takes both at once, or a dispatcher that
 * finds it missing. Both make the same event, with the same id.
 */
import type { ConcludeRun } from '../domain/task/commands.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import type { TaskState } from '../domain/task/state.ts';
import type { Loaded } from './load.ts';
import type { PlannedWrite } from './plan.ts';
import { decideOn, writeAt } from './plans.ts';

/** An end, and what is known of it. */
export interface Ended extends Omit<ConcludeRun, 'type'> {
  readonly taskId: string;
  /** Who gets the task next, when the run's end sends it back to the queue. */
  readonly assignee?: string | null | undefined;
  /** Its event. */
  readonly follows: NonNullable<PlannedWrite['follows']>;
}

/** The write to the task; undefined when nothing is left to say, since the run does not hold it. */
export function conclusion(
  task: Loaded<TaskState>,
  { taskId, assignee, follows, ...facts }: Ended,
): PlannedWrite | undefined {
  const decision = decideOn(taskId, task, { type: 'ConcludeRun', ...facts });
  if (decision.refused || decision.events.length === 0) return undefined;
  return { ...writeAt(task, [...decision.events, ...assignment(task.state, assignee)]), follows };
}

function assignment(
  task: { readonly assignee: string | null } | undefined,
  assignee: string | null | undefined,
): readonly TaskEvent[] {
  const isSame = assignee === undefined || task?.assignee === assignee;
  return isSame ? [] : [{ type: 'TaskAssigned', data: { assignee } }];
}
