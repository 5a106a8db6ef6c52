/** A row of `tasks`, and how one event of the task's own stream changes it. */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { type Status, statusOf } from '../../src/domain/readiness.ts';
import type { BlockCause, TaskEvent } from '../../src/domain/task/events.ts';
import { evolveTask, type Standing, type Task } from '../../src/domain/task/state.ts';

/** A task with everything the tables know about it. Times are wall clock, UTC ms, for display. */
export interface TaskRow extends Task {
  /** Position of `TaskCreated`: the lower, the older. */
  readonly seq: number;
  readonly taskId: string;
  /**
   * What people see. Queries give it as of the time they are asked for; in the table a scheduled
   * task stays `scheduled` when its time has come, since no event happens then.
   */
  readonly status: Status;
  /** Why the task is blocked; null unless it is. */
  readonly blockCause: BlockCause | null;
  readonly blockReason: string | null;
  /** The open run; null unless the task is running. */
  readonly currentRunId: string | null;
  /** Parents that are neither satisfied nor waived. */
  readonly openParents: number;
  readonly childrenTotal: number;
  /** Children that would satisfy a task waiting for them. */
  readonly childrenDone: number;
  readonly commentCount: number;
  /** Since when the task is ready; while it is scheduled, when it will be; null otherwise. */
  readonly becameReadyAtMs: number | null;
  /** First claim ever; later attempts leave it alone. */
  readonly firstClaimedAtMs: number | null;
  /** Last event of the task's own stream. */
  readonly updatedAtMs: number;
  /** Null unless the task is done, or was when it was archived. */
  readonly doneAtMs: number | null;
  /** Version of the last event of the task's own stream, and its position. */
  readonly version: number;
  readonly position: number;
}

/** The row after an event of the task's stream; `status` is yet to be settled. */
export function evolveTaskRow(row: TaskRow | undefined, event: Recorded<TaskEvent>): TaskRow {
  const atMs = event.meta.at;
  const task = evolveTask(row, event, event.meta);
  const { standing } = task;
  const isClaim = event.type === 'TaskClaimed';
  return {
    ...(row ?? firstRow(event)),
    ...task,
    blockCause: standing.status === 'blocked' ? standing.cause : null,
    blockReason: standing.status === 'blocked' ? standing.reason : null,
    currentRunId: standing.status === 'running' ? standing.claim.runId : null,
    firstClaimedAtMs: row?.firstClaimedAtMs ?? (isClaim ? atMs : null),
    updatedAtMs: atMs,
    doneAtMs: doneAtMs(standing),
    version: event.version,
    position: event.position,
  };
}

/** The row with the status that follows from its standing, its open parents and its schedule. */
export function settle(before: TaskRow | undefined, row: TaskRow, atMs: number): TaskRow {
  const status = statusOf(row, { openParents: row.openParents, nowMs: Number.NEGATIVE_INFINITY });
  return { ...row, status, becameReadyAtMs: becameReadyAtMs(before, { ...row, status }, atMs) };
}

/** The row as people see it at `nowMs`: a scheduled task whose time has come is ready. */
export function atNow(row: TaskRow, nowMs: number): TaskRow {
  const isDue = row.status === 'scheduled' && row.notBeforeMs !== null && row.notBeforeMs <= nowMs;
  return isDue ? { ...row, status: 'ready' } : row;
}

function firstRow(event: Recorded<TaskEvent>) {
  return {
    seq: event.position,
    taskId: streamId(event.stream),
    status: 'triage',
    openParents: 0,
    childrenTotal: 0,
    childrenDone: 0,
    commentCount: 0,
    becameReadyAtMs: null,
  } as const;
}

function doneAtMs(standing: Standing): number | null {
  if (standing.status === 'archived' || standing.status === 'tombstoned') {
    return doneAtMs(standing.before);
  }
  return standing.status === 'done' ? standing.doneAtMs : null;
}

function becameReadyAtMs(
  before: TaskRow | undefined,
  after: Pick<TaskRow, 'status' | 'notBeforeMs'>,
  atMs: number,
): number | null {
  const sinceMs = before?.becameReadyAtMs ?? null;
  if (after.status === 'ready') return readySinceMs(before?.status, sinceMs, atMs);
  if (after.status !== 'scheduled' || after.notBeforeMs === null) return null;
  const isUnchanged = before?.status === 'scheduled' && before.notBeforeMs === after.notBeforeMs;
  return isUnchanged ? sinceMs : Math.max(after.notBeforeMs, atMs);
}

/** A schedule that is lifted late does not make a task younger than it was when its time came. */
function readySinceMs(status: Status | undefined, sinceMs: number | null, atMs: number): number {
  if (sinceMs === null) return atMs;
  return status === 'ready' ? sinceMs : Math.min(sinceMs, atMs);
}
