/** A task as the fold holds it: its own stream's state, and what the streams around it say. */
import type { Recorded } from '../catalogue.ts';
import { type Status, statusOf } from '../readiness.ts';
import { streamId } from '../streams.ts';
import type { TaskEvent } from './events.ts';
import { evolveTask, type Task } from './state.ts';

/** What a row is made of. `TaskRow` says what each field means. */
export interface TaskRecord {
  readonly seq: number;
  readonly taskId: string;
  readonly task: Task;
  readonly status: Status;
  readonly openParents: number;
  readonly childrenTotal: number;
  readonly childrenDone: number;
  readonly commentCount: number;
  readonly becameReadyAtMs: number | null;
  readonly firstClaimedAtMs: number | null;
  readonly updatedAtMs: number;
  readonly version: number;
  readonly position: number;
}

/**
 * The record after an event of the task's own stream; `settle` gives it its status. Fields are
 * named one by one, here and there: replacing those of a spread record takes several times as long
 * (measured).
 */
export function evolveTaskRecord(
  record: TaskRecord | undefined,
  event: Recorded<TaskEvent>,
): TaskRecord {
  const atMs = event.meta.at;
  const claimedAtMs = event.type === 'TaskClaimed' ? atMs : null;
  const before = record ?? firstRecord(event);
  return {
    seq: before.seq,
    taskId: before.taskId,
    task: evolveTask(record?.task, event, event.meta),
    status: before.status,
    openParents: before.openParents,
    childrenTotal: before.childrenTotal,
    childrenDone: before.childrenDone,
    commentCount: before.commentCount,
    becameReadyAtMs: before.becameReadyAtMs,
    firstClaimedAtMs: record?.firstClaimedAtMs ?? claimedAtMs,
    updatedAtMs: atMs,
    version: event.version,
    position: event.position,
  };
}

/** The record with the status that follows from its standing, schedule and these open parents. */
export function settle(
  before: TaskRecord | undefined,
  record: TaskRecord,
  now: { readonly openParents: number; readonly atMs: number },
): TaskRecord {
  const { openParents, atMs } = now;
  const status = statusOf(record.task, { openParents, nowMs: Number.NEGATIVE_INFINITY });
  const { notBeforeMs } = record.task;
  return {
    seq: record.seq,
    taskId: record.taskId,
    task: record.task,
    status,
    openParents,
    childrenTotal: record.childrenTotal,
    childrenDone: record.childrenDone,
    commentCount: record.commentCount,
    becameReadyAtMs: becameReadyAtMs(before, { status, notBeforeMs }, atMs),
    firstClaimedAtMs: record.firstClaimedAtMs,
    updatedAtMs: record.updatedAtMs,
    version: record.version,
    position: record.position,
  };
}

function firstRecord(event: Recorded<TaskEvent>) {
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

function becameReadyAtMs(
  before: TaskRecord | undefined,
  after: { readonly status: Status; readonly notBeforeMs: number | null },
  atMs: number,
): number | null {
  const sinceMs = before?.becameReadyAtMs ?? null;
  if (after.status === 'ready') return readySinceMs(before?.status, sinceMs, atMs);
  if (after.status !== 'scheduled' || after.notBeforeMs === null) return null;
  const wasScheduled = before?.status === 'scheduled';
  const isUnchanged = wasScheduled && before.task.notBeforeMs === after.notBeforeMs;
  return isUnchanged ? sinceMs : Math.max(after.notBeforeMs, atMs);
}

/** A schedule that is lifted late does not make a task younger than it was when its time came. */
function readySinceMs(status: Status | undefined, sinceMs: number | null, atMs: number): number {
  if (sinceMs === null) return atMs;
  return status === 'ready' ? sinceMs : Math.min(sinceMs, atMs);
}
