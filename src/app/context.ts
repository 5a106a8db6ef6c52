/** Gathers from the tables what a worker is shown; the text itself is made by the domain. */
import type { Queries } from '../../projections/index.ts';
import { contextCaps, renderContext } from '../domain/context.ts';
import type { Refusal } from '../domain/refusal.ts';
import { noSuchTask } from './plans.ts';

/** The context of a task as Markdown, from tables that are caught up. */
export function buildContext(queries: Queries, taskId: string, nowMs: number): string | Refusal {
  const task = queries.task(taskId, nowMs);
  if (task === undefined) return noSuchTask(taskId);
  const runs = queries.runs(taskId);
  const parents = queries.parents(taskId).map((id) => queries.task(id, nowMs));
  return renderContext({
    task: { ...task, workspace: task.workspacePath ?? task.workspaceKind },
    attempts: runs.flatMap((run) =>
      run.outcome === null
        ? []
        : [{ ...run, outcome: run.outcome, error: run.error ?? run.reason }],
    ),
    parents: parents.flatMap((parent) => (parent?.status === 'done' ? [parent] : [])),
    recent: recentWork(queries, task.assignee, taskId),
    comments: queries.comments(taskId),
  });
}

function recentWork(queries: Queries, assignee: string | null, taskId: string) {
  if (assignee === null) return [];
  const runs = queries.recentRunsOfAssignee(assignee, contextCaps.recentRuns + 1);
  return runs.flatMap((run) =>
    run.taskId === taskId || run.summary === null
      ? []
      : [{ taskId: run.taskId, summary: run.summary }],
  );
}
