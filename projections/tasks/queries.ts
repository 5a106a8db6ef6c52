/** Reads `tasks`. */
import type Database from 'better-sqlite3';
import type { Status } from '../../src/domain/readiness.ts';
import { atMost } from '../../src/sqlite/at-most.ts';
import { type Bindings, onceEach, whenAsked, where } from '../statements.ts';
import { prepareRows } from '../table.ts';
import { atNow, type ListedTask, listedTaskTable, type TaskRow, taskTable } from './row.ts';

/** Which tasks; every condition given must hold. */
export interface TaskFilter {
  readonly status?: readonly Status[];
  /** Null: assigned to nobody. */
  readonly assignee?: string | null;
  readonly tenant?: string;
  readonly workflowTemplateId?: string;
  readonly stepKey?: string;
  readonly createdBy?: string;
  readonly ids?: readonly string[];
  /** Archived and tombstoned tasks too. Default: only when `status` or `ids` ask for them. */
  readonly includeArchived?: boolean;
}

/** The orders tasks can be listed in; age breaks ties. */
export const taskSorts = [
  'created',
  'created-desc',
  'priority',
  'priority-desc',
  'status',
  'assignee',
  'title',
  'updated',
] as const;
export type TaskSort = (typeof taskSorts)[number];

/** A task's place in a list, whatever happens to the list meanwhile; see `placeOf`. */
export interface TaskPlace {
  /** What the list is ordered by. */
  readonly key: string | number | null;
  /** Breaks ties. */
  readonly seq: number;
}

/** In what order, and which part of the list. Default: by age, all of it. */
export interface TaskPage {
  readonly sort?: TaskSort;
  /** Only what comes after this place in that order. */
  readonly after?: TaskPlace;
  readonly limit?: number;
  readonly offset?: number;
}

/** Questions about tasks. `nowMs` is the wall clock: a scheduled task that is due is ready. */
export interface TaskQueries {
  task(taskId: string, nowMs: number): TaskRow | undefined;
  /** What a task says at length; null where there is none. */
  body(taskId: string): string | null;
  /** The ids of all tasks that have one. */
  withBody(): ReadonlySet<string>;
  tasks(filter: TaskFilter, page: TaskPage, nowMs: number): readonly ListedTask[];
  countTasks(filter: TaskFilter, nowMs: number): number;
  /**
   * The queue: ready tasks and those whose time has come, priority first, then age. With
   * `assignees`, only theirs; null among them stands for nobody.
   */
  ready(nowMs: number, options: ReadyOptions): readonly ListedTask[];
  /** When the next scheduled task is due; undefined when none is waiting for its time. */
  nextDueAtMs(nowMs: number): number | undefined;
  /** What a task waits for or has waited for, oldest first. */
  parents(taskId: string, nowMs: number): readonly ListedTask[];
  /** What waits for a task, oldest first. */
  children(taskId: string, nowMs: number): readonly ListedTask[];
}

/** How much of the queue, and whose. */
export interface ReadyOptions {
  readonly limit: number;
  readonly assignees?: readonly (string | null)[];
}

/** The task with an id, as the table has it: the clock is not in it. */
export function prepareTaskById(db: Database.Database): (taskId: string) => TaskRow | undefined {
  return prepareRows(db, taskTable, 'WHERE task_id = ?').one;
}

/** Prepares the questions about tasks. */
export function prepareTaskQueries(db: Database.Database): TaskQueries {
  const taskById = prepareTaskById(db);
  const body = whenAsked(() =>
    db.prepare<[string], string | null>('SELECT body FROM tasks WHERE task_id = ?').pluck(),
  );
  const withBody = whenAsked(() =>
    db.prepare<[], string>('SELECT task_id FROM tasks WHERE body IS NOT NULL').pluck(),
  );
  const lists = onceEach((which) => prepareRows(db, listedTaskTable, which));
  const counts = onceEach((which) =>
    db.prepare<[Bindings], number>(`SELECT count(*) FROM tasks ${which}`).pluck(),
  );
  const queue = prepareRows(db, listedTaskTable, queueSql);
  const queueOfAssignees = prepareRows(db, listedTaskTable, queueOfAssigneesSql);
  const nextDue = db
    .prepare<[number], number | null>(
      `SELECT min(not_before_ms) FROM tasks INDEXED BY tasks_by_due_time
       WHERE status = 'scheduled' AND not_before_ms > ?`,
    )
    .pluck();
  const parents = prepareRows(db, listedTaskTable, relativesSql('parent_id', 'child_id'));
  const children = prepareRows(db, listedTaskTable, relativesSql('child_id', 'parent_id'));

  function ready(nowMs: number, { limit, assignees }: ReadyOptions): readonly ListedTask[] {
    if (assignees === undefined) return seenAt(nowMs, queue.all({ nowMs, limit }));
    const bindings = { nowMs, limit, assignees: JSON.stringify([...new Set(assignees)]) };
    return seenAt(nowMs, queueOfAssignees.all(bindings));
  }

  return {
    task(taskId, nowMs) {
      const row = taskById(taskId);
      return row && atNow(row, nowMs);
    },
    body: (taskId) => body().get(taskId) ?? null,
    withBody: () => new Set(withBody().all()),
    tasks(filter, { sort = 'created', after, limit = -1, offset = 0 }, nowMs) {
      const order = `ORDER BY ${orders[sort]} ${atMost('@limit')} OFFSET @offset`;
      const conditions = [...conditionsOf(filter), after && afterPlace[sort]];
      const list = lists(`${where(conditions)} ${order}`);
      const page = { limit, offset, afterKey: after?.key ?? null, afterSeq: after?.seq ?? null };
      return seenAt(nowMs, list.all({ ...bindingsOf(filter, nowMs), ...page }));
    },
    countTasks(filter, nowMs) {
      return counts(where(conditionsOf(filter))).get(bindingsOf(filter, nowMs)) ?? 0;
    },
    ready,
    nextDueAtMs: (nowMs) => nextDue.get(nowMs) ?? undefined,
    parents: (taskId, nowMs) => seenAt(nowMs, parents.all(taskId)),
    children: (taskId, nowMs) => seenAt(nowMs, children.all(taskId)),
  };
}

function seenAt(nowMs: number, rows: readonly ListedTask[]): readonly ListedTask[] {
  return rows.map((row) => atNow(row, nowMs));
}

const statusNow = `CASE WHEN status = 'scheduled' AND not_before_ms <= @nowMs
  THEN 'ready' ELSE status END`;

const orders: Readonly<Record<TaskSort, string>> = {
  created: 'seq',
  'created-desc': 'seq DESC',
  priority: 'priority, seq',
  'priority-desc': 'priority DESC, seq',
  status: `${statusNow}, seq`,
  assignee: 'assignee NULLS LAST, seq',
  title: 'title, seq',
  updated: 'position DESC',
};

/** What comes after a place in each of these orders. */
const afterPlace: Readonly<Record<TaskSort, string>> = {
  created: 'seq > @afterSeq',
  'created-desc': 'seq < @afterSeq',
  priority: '(priority, seq) > (@afterKey, @afterSeq)',
  'priority-desc': '(priority < @afterKey OR priority = @afterKey AND seq > @afterSeq)',
  status: `(${statusNow}, seq) > (@afterKey, @afterSeq)`,
  assignee: `CASE WHEN @afterKey IS NULL THEN assignee IS NULL AND seq > @afterSeq
    ELSE assignee IS NULL OR (assignee, seq) > (@afterKey, @afterSeq) END`,
  title: '(title, seq) > (@afterKey, @afterSeq)',
  updated: 'position < @afterKey',
};

/** The place of a task in a list of this order. */
export function placeOf(task: ListedTask, sort: TaskSort): TaskPlace {
  const keys: Readonly<Record<TaskSort, TaskPlace['key']>> = {
    created: null,
    'created-desc': null,
    priority: task.priority,
    'priority-desc': task.priority,
    status: task.status,
    assignee: task.assignee,
    title: task.title,
    updated: task.position,
  };
  return { key: keys[sort], seq: task.seq };
}

/**
 * The best of each kind by its own index, then the best of both. The index of the due ones is
 * named: left alone, SQLite walks all scheduled tasks by priority to save a sort of the few due.
 */
const queueSql = `WHERE seq IN (
    SELECT seq FROM (
      SELECT * FROM (
        SELECT seq, priority FROM tasks WHERE status = 'ready'
        ORDER BY priority DESC, seq ${atMost('@limit')})
      UNION ALL
      SELECT * FROM (
        SELECT seq, priority FROM tasks INDEXED BY tasks_by_due_time
        WHERE status = 'scheduled' AND not_before_ms <= @nowMs
        ORDER BY priority DESC, seq ${atMost('@limit')})
    ) ORDER BY priority DESC, seq ${atMost('@limit')}
  ) ORDER BY priority DESC, seq`;

/** The same, with the best of each assignee in the place of the best of all. */
const queueOfAssigneesSql = `WHERE seq IN (
    SELECT seq FROM (
      SELECT best.seq, best.priority FROM json_each(@assignees) AS wanted JOIN tasks AS best
      ON best.seq IN (
        SELECT seq FROM tasks WHERE assignee IS wanted.value AND status = 'ready'
        ORDER BY priority DESC, seq ${atMost('@limit')})
      UNION ALL
      SELECT * FROM (
        SELECT seq, priority FROM tasks INDEXED BY tasks_by_due_time
        WHERE status = 'scheduled' AND not_before_ms <= @nowMs
        AND EXISTS (SELECT 1 FROM json_each(@assignees) WHERE value IS assignee)
        ORDER BY priority DESC, seq ${atMost('@limit')})
    ) ORDER BY priority DESC, seq ${atMost('@limit')}
  ) ORDER BY priority DESC, seq`;

function relativesSql(wanted: string, given: string): string {
  return `WHERE task_id IN (SELECT ${wanted} FROM links WHERE ${given} = ?) ORDER BY seq`;
}

function conditionsOf(filter: TaskFilter) {
  const wantsShelved = filter.includeArchived || filter.status || filter.ids;
  return [
    filter.ids && 'task_id IN (SELECT value FROM json_each(@ids))',
    filter.status && 'status IN (SELECT value FROM json_each(@storedStatuses))',
    filter.status && `${statusNow} IN (SELECT value FROM json_each(@statuses))`,
    filter.assignee !== undefined && 'assignee IS @assignee',
    filter.tenant !== undefined && 'tenant = @tenant',
    filter.workflowTemplateId !== undefined && 'workflow_template_id = @workflowTemplateId',
    filter.stepKey !== undefined && 'step_key = @stepKey',
    filter.createdBy !== undefined && 'created_by = @createdBy',
    !wantsShelved && "status NOT IN ('archived', 'tombstoned')",
  ];
}

function bindingsOf(filter: TaskFilter, nowMs: number): Bindings {
  const statuses = filter.status ?? [];
  // Some of the ready ones are stored as scheduled.
  const storedStatuses = statuses.includes('ready') ? [...statuses, 'scheduled'] : statuses;
  return {
    nowMs,
    ids: JSON.stringify(filter.ids ?? []),
    statuses: JSON.stringify(statuses),
    storedStatuses: JSON.stringify(storedStatuses),
    assignee: filter.assignee ?? null,
    tenant: filter.tenant ?? null,
    workflowTemplateId: filter.workflowTemplateId ?? null,
    stepKey: filter.stepKey ?? null,
    createdBy: filter.createdBy ?? null,
  };
}
