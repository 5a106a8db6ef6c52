/** Gathers from the tables what a worker is shown; the text itself is made by the domain. */
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';
import {
  type ContextAttempt,
  type ContextParent,
  contextCaps,
  renderContext,
} from '../domain/context.ts';
import { satisfies } from '../domain/readiness.ts';
import type { Refusal } from '../domain/refusal.ts';
import { noSuchTask } from './plans.ts';

/** The context of a task as Markdown, from tables that are caught up. */
export function buildContext(queries: Queries, taskId: string, nowMs: number): string | Refusal {
  const task = queries.task(taskId, nowMs);
  if (task === undefined) return noSuchTask(taskId);
  return renderContext({
    task: { ...task, id: taskId, workspace: task.workspace.path ?? task.workspace.kind },
    attempts: queries.runs(taskId).flatMap(attemptOf),
    parents: queries.parents(taskId, nowMs).flatMap(resultOf),
    recent: recentWork(queries, task.assignee, taskId),
    comments: queries.comments(taskId),
  });
}

function attemptOf({ attempt, outcome, ending }: RunRow): readonly ContextAttempt[] {
  if (outcome === null) return [];
  const { summary = null, error, reason, metadata = null } = ending ?? {};
  return [{ attempt, outcome, summary, error: error ?? reason ?? null, metadata }];
}

/** What a task waited for is what it builds on, but for what was removed: that is out of sight. */
function resultOf({ taskId, title, standing, handOff }: TaskRow): readonly ContextParent[] {
  if (!satisfies(standing) || standing.status === 'tombstoned') return [];
  const { summary = null, result = null, metadata = null } = handOff ?? {};
  return [{ id: taskId, title, summary, result, metadata }];
}

function recentWork(queries: Queries, assignee: string | null, taskId: string) {
  if (assignee === null) return [];
  const runs = queries.recentRunsOfAssignee(assignee, contextCaps.recentRuns + 1);
  return runs.flatMap((run) => {
    const summary = run.ending?.summary;
    return run.taskId === taskId || summary === undefined ? [] : [{ taskId: run.taskId, summary }];
  });
}
