/** Everything about one task, read at one moment. */
import type { CommentRow } from '../../projections/comments/comments.ts';
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { TaskRow } from '../../projections/tasks/row.ts';
import type { TimelineRow } from '../../projections/timeline/row.ts';
import { diagnoseTasks } from '../app/diagnose.ts';
import type { TaskFinding } from '../domain/diagnostics/diagnose.ts';
import { defaultPolicy } from '../domain/policy.ts';
import { nearest } from '../nearest.ts';

/** A task with all that belongs to it. */
export interface TaskPage {
  readonly task: TaskRow;
  readonly parents: readonly TaskRow[];
  readonly children: readonly TaskRow[];
  readonly runs: readonly RunRow[];
  readonly comments: readonly CommentRow[];
  /** The latest entries of the timeline, oldest first. */
  readonly entries: readonly TimelineRow[];
  /** What is wrong with it, as far as that can be told without the configuration. */
  readonly findings: readonly TaskFinding[];
  readonly queries: Queries;
  readonly nowMs: number;
}

/** Entries of the timeline on the page. */
const entriesMax = 20;

/** Reads the page of a task; undefined when there is no such task. */
export function readTaskPage(
  queries: Queries,
  taskId: string,
  nowMs: number,
): TaskPage | undefined {
  const task = queries.task(taskId, nowMs);
  if (task === undefined) return undefined;
  const latest = queries.timeline({ taskId, newestFirst: true, limit: entriesMax });
  return {
    task,
    parents: queries.parents(taskId, nowMs),
    children: queries.children(taskId, nowMs),
    runs: queries.runs(taskId),
    comments: queries.comments(taskId),
    entries: latest.toReversed(),
    findings: findingsOf(queries, taskId, nowMs),
    queries,
    nowMs,
  };
}

/** Reading needs no configuration; `logboard diagnostics` has it. */
function findingsOf(queries: Queries, taskId: string, nowMs: number): readonly TaskFinding[] {
  const unknown = { policy: defaultPolicy, workers: null };
  return diagnoseTasks(queries, { ...unknown, taskIds: [taskId], nowMs, nearest }).findings;
}
