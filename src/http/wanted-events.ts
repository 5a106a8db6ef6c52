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

/** Whom an event is about. */
export interface Subject {
  readonly taskId?: string | undefined;
  readonly assignee?: string | null | undefined;
}

/** Whether an event is wanted; what it is about is looked up only when that matters. */
export function isWanted(
  event: { readonly type: string; subject(): Subject },
  { task, assignee, types }: EventFilter,
): boolean {
  if (types !== undefined && !types.includes(event.type)) return false;
  if (task !== undefined && event.subject().taskId !== task) return false;
  return assignee === undefined || event.subject().assignee === assignee;
}

/** Whom an event is about, by tables that contain at least what it says. */
export function subjectOf({ stream }: StoredEvent, queries: Queries): Subject {
  const id = streamId(stream);
  if (stream.startsWith('run-')) {
    const run = queries.run(id);
    return { taskId: run?.taskId, assignee: run?.assignee };
  }
  const isOfTask = /^(task|note|refused)-/.test(stream);
  return isOfTask ? { taskId: id, assignee: queries.task(id, 0)?.assignee } : {};
}
