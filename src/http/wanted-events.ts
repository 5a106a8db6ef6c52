/** Which events of the log somebody wants to hear of. */
import type { Queries } from '../../projections/index.ts';
import { streamId } from '../domain/catalogue.ts';
import type { StoredEvent } from '../log/event-log.ts';

/** Conditions; every one that is given must hold. */
export interface EventFilter {
  /** Of this task, of its runs, and comments on it. */
  readonly task?: string | undefined;
  /** Of tasks that are this assignee's now, and of runs that were theirs. */
  readonly assignee?: string | undefined;
  readonly types?: readonly string[] | undefined;
}

/** Whether an event is wanted; `queries` contain at least what the event says. */
export function isWanted(event: StoredEvent, filter: EventFilter, queries: Queries): boolean {
  const { task, assignee, types } = filter;
  if (types !== undefined && !types.includes(event.type)) return false;
  if (task === undefined && assignee === undefined) return true;
  const subject = subjectOf(event, queries);
  if (task !== undefined && subject.taskId !== task) return false;
  return assignee === undefined || subject.assignee === assignee;
}

function subjectOf({ stream }: StoredEvent, queries: Queries) {
  const id = streamId(stream);
  if (stream.startsWith('run-')) {
    const run = queries.run(id);
    return { taskId: run?.taskId, assignee: run?.assignee };
  }
  const isOfTask = /^(task|note|refused)-/.test(stream);
  return isOfTask ? { taskId: id, assignee: queries.task(id, 0)?.assignee } : {};
}
