/** What is different on a board between two moments of its past. */
import type { Queries } from '../../../projections/index.ts';
import type { RunRow } from '../../../projections/runs/row.ts';
import type { ListedTask } from '../../../projections/tasks/row.ts';
import { type Status, statuses } from '../../domain/readiness.ts';
import { differs } from './differs.ts';

/** A board at a moment: its questions, its position, and its clock (UTC ms). */
export interface Moment {
  readonly queries: Queries;
  readonly position: number;
  readonly atMs: number;
}

/** Two moments. */
export interface Moments {
  readonly before: Moment;
  readonly after: Moment;
}

/** A field of a task that says something else than before. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What became of a task. */
export interface TaskDiff {
  readonly taskId: string;
  readonly title: string;
  readonly isNew: boolean;
  /** Where it stood, null when it was not there yet, and where it stands. */
  readonly status: { readonly before: Status | null; readonly after: Status };
  /** Null: unchanged, or new. */
  readonly assignee: FieldChange | null;
  /** What else was edited. */
  readonly fields: readonly FieldChange[];
  readonly comments: number;
  /** Attempts that began, and those that ended though they had begun before. */
  readonly runs: readonly RunRow[];
}

/** How many tasks, or comments and attempts, each thing happened to. */
export interface BoardCounts {
  readonly created: number;
  /** Done, put away or removed, and not before. */
  readonly ended: number;
  /** Those that were there and have another status. */
  readonly moved: number;
  readonly reassigned: number;
  readonly edited: number;
  readonly comments: number;
  readonly runs: number;
}

/** What is different. */
export interface BoardDiff {
  readonly counts: BoardCounts;
  /** How many tasks stood where, and stand there; only where it is not the same. */
  readonly byStatus: readonly {
    readonly status: Status;
    readonly before: number;
    readonly after: number;
  }[];
  /** The tasks to which anything happened, oldest first. */
  readonly tasks: readonly TaskDiff[];
}

/** What people set, besides the assignee. */
const edited = [
  ...(['title', 'body', 'priority', 'tenant', 'parents', 'workspace', 'branch'] as const),
  ...(['skills', 'model', 'maxRuntimeMs', 'maxRetries', 'workflowTemplateId', 'stepKey'] as const),
];

const ends: ReadonlySet<Status | null> = new Set<Status>(['done', 'archived', 'tombstoned']);

/** Compares two moments of one board; `before` is the earlier one. */
export function diffBoards({ before, after }: Moments): BoardDiff {
  const were = new Map(tasksAt(before).map((task) => [task.taskId, task]));
  const tasks = tasksAt(after)
    .map((task) => diffTask(were.get(task.taskId), task, { before, after }))
    .filter(isDifferent);
  return { counts: count(tasks), byStatus: diffStatuses(before, after), tasks };
}

function tasksAt({ queries, atMs }: Moment): readonly ListedTask[] {
  return queries.tasks({ status: statuses }, {}, atMs);
}

function diffTask(was: ListedTask | undefined, is: ListedTask, moments: Moments): TaskDiff {
  const { before, after } = moments;
  const runs = is.attempts === 0 ? [] : after.queries.runs(is.taskId);
  const assignee = was && changeOf('assignee', was.assignee, is.assignee);
  return {
    taskId: is.taskId,
    title: is.title,
    isNew: was === undefined,
    status: { before: was?.status ?? null, after: is.status },
    assignee: assignee ?? null,
    fields: was === undefined ? [] : fieldsChanged(was, is, moments),
    comments: is.commentCount - (was?.commentCount ?? 0),
    runs: runs.filter((run) => run.seq > before.position || endedSince(run, before)),
  };
}

/** Without an event of the task's own, nothing of it was changed, and no body has to be read. */
function fieldsChanged(was: ListedTask, is: ListedTask, { before, after }: Moments) {
  if (was.version === is.version) return [];
  const [earlier, later] = [withBody(was, before), withBody(is, after)];
  return edited.flatMap((field) => changeOf(field, earlier[field], later[field]) ?? []);
}

function withBody(task: ListedTask, { queries }: Moment) {
  return { ...task, body: queries.body(task.taskId) };
}

function endedSince({ outcome, position }: RunRow, before: Moment): boolean {
  return outcome !== null && position > before.position;
}

function changeOf(field: string, before: unknown, after: unknown): FieldChange | undefined {
  return differs(before, after) ? { field, before, after } : undefined;
}

function isDifferent(task: TaskDiff): boolean {
  const { isNew, status, assignee, fields, comments, runs } = task;
  const hasMoved = status.before !== status.after;
  return isNew || hasMoved || assignee !== null || fields.length + comments + runs.length > 0;
}

function count(tasks: readonly TaskDiff[]): BoardCounts {
  const how = (is: (task: TaskDiff) => boolean) => tasks.filter(is).length;
  const sum = (of: (task: TaskDiff) => number) => tasks.reduce((n, task) => n + of(task), 0);
  return {
    created: how(({ isNew }) => isNew),
    ended: how(({ status }) => ends.has(status.after) && !ends.has(status.before)),
    moved: how(({ isNew, status }) => !isNew && status.before !== status.after),
    reassigned: how(({ assignee }) => assignee !== null),
    edited: how(({ fields }) => fields.length > 0),
    comments: sum(({ comments }) => comments),
    runs: sum(({ runs }) => runs.length),
  };
}

function diffStatuses(before: Moment, after: Moment): BoardDiff['byStatus'] {
  const were = before.queries.stats(before.atMs).byStatus;
  const are = after.queries.stats(after.atMs).byStatus;
  const rows = statuses.map((status) => {
    return { status, before: were[status] ?? 0, after: are[status] ?? 0 };
  });
  return rows.filter((row) => row.before !== row.after);
}
