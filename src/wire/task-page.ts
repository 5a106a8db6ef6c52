/** Everything about one task, read at one moment. */
import type { CommentRow } from '../../projections/comments/comments.ts';
import type { Queries } from '../../projections/index.ts';
import type { RunRow } from '../../projections/runs/row.ts';
import type { ListedTask, TaskRow } from '../../projections/tasks/row.ts';
import type { TimelineRow } from '../../projections/timeline/row.ts';
import { diagnoseTasks } from '../app/diagnose.ts';
import type { LaneFacts } from '../app/diagnostic-lanes.ts';
import type { TaskFinding } from '../domain/diagnostics/diagnose.ts';
import { findOutage, type Outage } from '../domain/outage.ts';
import type { Policy } from '../domain/policy.ts';
import { nearest } from '../nearest.ts';

/** A task with all that belongs to it. */
export interface TaskPage {
  readonly task: TaskRow;
  readonly parents: readonly ListedTask[];
  readonly children: readonly ListedTask[];
  readonly runs: readonly RunRow[];
  readonly comments: readonly CommentRow[];
  /** The latest entries of the timeline, oldest first. */
  readonly entries: readonly TimelineRow[];
  /** What is wrong with it, as far as that can be told without the worker definitions. */
  readonly findings: readonly TaskFinding[];
  /** What keeps the task from being started although it is ready. */
  readonly outage: Outage | undefined;
  readonly queries: Queries;
  readonly nowMs: number;
}

/** Entries of the timeline on the page. */
const entriesMax = 20;

/** When it is looked at, by which policy, and what is seen of dispatchers. */
interface Moment extends Required<Pick<LaneFacts, 'probeDispatcher'>> {
  readonly nowMs: number;
  readonly policy: Policy;
}

/** Reads the page of a task; undefined when there is no such task. */
export function readTaskPage(
  queries: Queries,
  taskId: string,
  moment: Moment,
): TaskPage | undefined {
  const { nowMs, policy } = moment;
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
    findings: findingsOf(queries, taskId, moment),
    outage: outageOf(task, queries, policy),
    queries,
    nowMs,
  };
}

/** Who works for whom is left to `logboard diagnostics`. */
function findingsOf(queries: Queries, taskId: string, moment: Moment): readonly TaskFinding[] {
  const around = { ...moment, workers: null, nearest };
  return diagnoseTasks(queries, { ...around, taskIds: [taskId] }).findings;
}

function outageOf({ status, assignee }: TaskRow, queries: Queries, policy: Policy) {
  if (status !== 'ready' || assignee === null) return undefined;
  return findOutage(queries.codedEndings(assignee), policy);
}
