/** A row of `tasks`: what readers of the table see. */

import type Database from 'better-sqlite3';
import type { Status } from '../../src/domain/readiness.ts';
import type { BlockCause } from '../../src/domain/task/events.ts';
import type { TaskRecord } from '../../src/domain/task/record.ts';
import type { Standing, Task } from '../../src/domain/task/state.ts';
import { type ColumnForm, prepareSave, tableOf } from '../table.ts';

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

/** A task in a list: without its body, which may be long and is seldom looked at there. */
export type ListedTask = Omit<TaskRow, 'body'>;

const listedFields = {
  seq: 'plain',
  taskId: 'plain',
  title: 'plain',
  status: 'plain',
  standing: 'json',
  blockCause: 'plain',
  blockReason: 'plain',
  currentRunId: 'plain',
  assignee: 'plain',
  priority: 'plain',
  tenant: 'plain',
  parents: 'json',
  waivedParents: 'json',
  openParents: 'plain',
  childrenTotal: 'plain',
  childrenDone: 'plain',
  commentCount: 'plain',
  workspace: 'json',
  branch: 'plain',
  skills: 'json',
  model: 'plain',
  maxRuntimeMs: 'plain',
  maxRetries: 'plain',
  idempotencyKey: 'plain',
  workflowTemplateId: 'plain',
  stepKey: 'plain',
  attempts: 'plain',
  failures: 'plain',
  interruptions: 'json',
  lastError: 'plain',
  notBeforeMs: 'plain',
  hold: 'plain',
  becameReadyAtMs: 'plain',
  createdBy: 'plain',
  createdAtMs: 'plain',
  firstClaimedAtMs: 'plain',
  updatedAtMs: 'plain',
  doneAtMs: 'plain',
  version: 'plain',
  position: 'plain',
  handOff: 'json',
} as const satisfies Readonly<Record<keyof ListedTask, ColumnForm>>;

/** Every field of a task and its column. */
export const taskTable = tableOf<TaskRow>('tasks', { ...listedFields, body: 'plain' });

/** The same table to those who leave the body where it is. */
export const listedTaskTable = tableOf<ListedTask>('tasks', listedFields);

/** Prepares the writing of tasks. */
export function prepareSaveTask(db: Database.Database): (record: TaskRecord) => void {
  const save = prepareSave(db, taskTable);
  return (record) => save(rowOf(record));
}

/**
 * The row of a task. Fields are named one by one here and below: spreading one object into another
 * costs more than writing the row to the disk.
 */
function rowOf(record: TaskRecord): TaskRow {
  const { task } = record;
  const { standing } = task;
  const isBlocked = standing.status === 'blocked';
  return {
    title: task.title,
    body: task.body,
    assignee: task.assignee,
    priority: task.priority,
    tenant: task.tenant,
    parents: task.parents,
    workspace: task.workspace,
    branch: task.branch,
    skills: task.skills,
    model: task.model,
    maxRuntimeMs: task.maxRuntimeMs,
    maxRetries: task.maxRetries,
    idempotencyKey: task.idempotencyKey,
    workflowTemplateId: task.workflowTemplateId,
    stepKey: task.stepKey,
    createdBy: task.createdBy,
    createdAtMs: task.createdAtMs,
    attempts: task.attempts,
    failures: task.failures,
    interruptions: task.interruptions,
    lastError: task.lastError,
    notBeforeMs: task.notBeforeMs,
    hold: task.hold,
    waivedParents: task.waivedParents,
    handOff: task.handOff,
    standing,
    seq: record.seq,
    taskId: record.taskId,
    status: record.status,
    blockCause: isBlocked ? standing.cause : null,
    blockReason: isBlocked ? standing.reason : null,
    currentRunId: standing.status === 'running' ? standing.claim.runId : null,
    openParents: record.openParents,
    childrenTotal: record.childrenTotal,
    childrenDone: record.childrenDone,
    commentCount: record.commentCount,
    becameReadyAtMs: record.becameReadyAtMs,
    firstClaimedAtMs: record.firstClaimedAtMs,
    updatedAtMs: record.updatedAtMs,
    doneAtMs: doneAtMs(standing),
    version: record.version,
    position: record.position,
  };
}

/** What a row was made of. */
export function recordOf(row: TaskRow): TaskRecord {
  return {
    seq: row.seq,
    taskId: row.taskId,
    task: taskOf(row),
    status: row.status,
    openParents: row.openParents,
    childrenTotal: row.childrenTotal,
    childrenDone: row.childrenDone,
    commentCount: row.commentCount,
    becameReadyAtMs: row.becameReadyAtMs,
    firstClaimedAtMs: row.firstClaimedAtMs,
    updatedAtMs: row.updatedAtMs,
    version: row.version,
    position: row.position,
  };
}

function taskOf(row: Task): Task {
  return {
    title: row.title,
    body: row.body,
    assignee: row.assignee,
    priority: row.priority,
    tenant: row.tenant,
    parents: row.parents,
    workspace: row.workspace,
    branch: row.branch,
    skills: row.skills,
    model: row.model,
    maxRuntimeMs: row.maxRuntimeMs,
    maxRetries: row.maxRetries,
    idempotencyKey: row.idempotencyKey,
    workflowTemplateId: row.workflowTemplateId,
    stepKey: row.stepKey,
    createdBy: row.createdBy,
    createdAtMs: row.createdAtMs,
    attempts: row.attempts,
    failures: row.failures,
    interruptions: row.interruptions,
    lastError: row.lastError,
    notBeforeMs: row.notBeforeMs,
    hold: row.hold,
    waivedParents: row.waivedParents,
    handOff: row.handOff,
    standing: row.standing,
  };
}

/** The row as people see it at `nowMs`: a scheduled task whose time has come is ready. */
export function atNow<Row extends ListedTask>(row: Row, nowMs: number): Row {
  const isDue = row.status === 'scheduled' && row.notBeforeMs !== null && row.notBeforeMs <= nowMs;
  return isDue ? { ...row, status: 'ready' } : row;
}

function doneAtMs(standing: Standing): number | null {
  if (standing.status === 'archived' || standing.status === 'tombstoned') {
    return doneAtMs(standing.before);
  }
  return standing.status === 'done' ? standing.doneAtMs : null;
}
