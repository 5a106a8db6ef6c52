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
export interface Ended {
  readonly taskId: string;
  /** What is to be concluded from it. */
  readonly conclude: ConcludeRun;
  /** Who gets the task next, when the run's end sends it back to the queue. */
  readonly assignee?: string | null | undefined;
  /** Its event. */
  readonly follows: NonNullable<PlannedWrite['follows']>;
}

/** The write to the task; undefined when nothing is left to say, since the run does not hold it. */
export function conclusion(
  task: Loaded<TaskState>,
  { taskId, conclude, assignee, follows }: Ended,
): PlannedWrite | undefined {
  const decision = decideOn(taskId, task, conclude);
  if (decision.refused || decision.events.length === 0) return undefined;
  const events = [...decision.events, ...assignment(task.state, assignee)];
  const { stream, expected } = writeAt(task, events);
  return { stream, expected, events, follows };
}

function assignment(
  task: { readonly assignee: string | null } | undefined,
  assignee: string | null | undefined,
): readonly TaskEvent[] {
  const isSame = assignee === undefined || task?.assignee === assignee;
  return isSame ? [] : [{ type: 'TaskAssigned', data: { assignee } }];
}
