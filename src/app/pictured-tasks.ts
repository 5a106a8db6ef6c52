/** Which tasks a picture of the past is about. */
import type { Queries } from '../../projections/queries.ts';
import type { ListedTask } from '../../projections/tasks/row.ts';
import type { TimelineFilter } from '../../projections/timeline/queries.ts';
import type { PastRange } from './position-at.ts';

/** The tasks that the filter is about and that lived in the range, the latest first. */
export function tasksPictured(
  queries: Queries,
  { filter, range }: { readonly filter: TimelineFilter; readonly range: PastRange | undefined },
  nowMs: number,
): readonly ListedTask[] {
  const run = filter.runId === undefined ? undefined : queries.run(filter.runId);
  const ids = filter.taskIds ?? (run === undefined ? undefined : [run.taskId]);
  const which = ids === undefined ? { includeArchived: true } : { ids };
  const tasks = queries.tasks(which, { sort: 'updated' }, nowMs);
  const { assignee, host } = filter;
  return tasks.filter(({ taskId, seq, position }) => {
    if (range !== undefined && (seq > range.last || position < range.first)) return false;
    if (assignee === undefined && host === undefined) return true;
    return queries.runs(taskId).some((attempt) => {
      const where = attempt.process?.host ?? attempt.opened.host;
      const isTheirs = assignee === undefined || attempt.assignee === assignee;
      return isTheirs && (host === undefined || where === host);
    });
  });
}
