/** The board in a given number of lines: its tasks under their statuses, a fair share for each. */
import type { Queries } from '../../../projections/index.ts';
import type { ListedTask } from '../../../projections/tasks/row.ts';
import type { Status } from '../../domain/readiness.ts';
import { figure } from '../../wire/counted.ts';
import { statusLabel } from '../status.ts';
import type { Style } from '../style.ts';
import { widthOf } from '../width.ts';
import { lineOf } from './cells.ts';
import { taskCells } from './task-cells.ts';

/** What to draw of a board. */
export interface BoardView {
  readonly queries: Queries;
  /** The clock of the board as it was, UTC ms. */
  readonly nowMs: number;
  /** Ids of tasks that the event just shown changed. */
  readonly changed: ReadonlySet<string>;
  /** Only these tasks; default all that are not put away. */
  readonly taskIds?: readonly string[] | undefined;
}

/** How much room there is. */
export interface Room {
  readonly rows: number;
  readonly columns: number;
}

/** From the top of the screen: what is going on, what needs somebody, what comes, what was. */
const order: readonly Status[] = [
  ...(['running', 'review', 'blocked', 'halted', 'ready'] as const),
  ...(['scheduled', 'waiting', 'triage', 'done'] as const),
];

/** What is put away is drawn only for whoever asked for these tasks. */
const shelved: readonly Status[] = ['archived', 'tombstoned'];

/** The order of the latest change has no index: of more tasks than this, the youngest are shown. */
const sortedMax = 2_000;

interface Group {
  readonly status: Status;
  readonly total: number;
  readonly tasks: readonly ListedTask[];
}

/** The lines, at most as many as there are rows, none wider than the columns. */
export function boardLines(view: BoardView, { rows, columns }: Room, style: Style): string[] {
  const groups = groupsOf(view, rows);
  const shares = sharesOf(
    groups.map(({ tasks }) => tasks.length),
    rows - groups.length,
  );
  const lines = groups.flatMap((group, index) => {
    const shown = group.tasks.slice(0, shares[index]);
    return [heading(group, shown.length, columns, style), ...shown.map(taskLine)];
  });
  function taskLine(task: ListedTask): string {
    const isChanged = view.changed.has(task.taskId);
    return lineOf(taskCells(task, { ...view, columns, isChanged }), columns, style);
  }
  return lines.slice(0, Math.max(0, rows));
}

function heading(group: Group, shown: number, columns: number, style: Style): string {
  const { status, total } = group;
  const count = shown < total ? `${figure(shown)} of ${figure(total)}` : figure(total);
  const label = statusLabel(status, style);
  // Both are short: on a screen too narrow for them, the number goes.
  return widthOf(label) + count.length + 2 > columns ? label : `${label}  ${count}`;
}

function groupsOf(view: BoardView, rows: number): readonly Group[] {
  const { queries, nowMs, taskIds } = view;
  if (taskIds !== undefined) {
    const tasks = queries.tasks({ ids: taskIds }, {}, nowMs);
    const groups = [...order, ...shelved].map((status) => {
      const here = tasks.filter((task) => task.status === status);
      return { status, total: here.length, tasks: here };
    });
    return groups.filter(({ total }) => total > 0);
  }
  const { byStatus } = queries.stats(nowMs);
  return order.flatMap((status) => {
    const total = byStatus[status] ?? 0;
    if (total === 0) return [];
    const sort = total > sortedMax ? 'created-desc' : 'updated';
    const limit = Math.max(1, rows);
    return [{ status, total, tasks: queries.tasks({ status: [status] }, { sort, limit }, nowMs) }];
  });
}

/** So many lines each, given out one by one from the top, until nobody wants more. */
function sharesOf(wanted: readonly number[], room: number): readonly number[] {
  const shares = wanted.map(() => 0);
  let left = Math.max(0, room);
  for (let round = 0; left > 0; round += 1) {
    const hungry = [...wanted.keys()].filter((index) => (wanted[index] ?? 0) > round);
    if (hungry.length === 0) break;
    for (const index of hungry.slice(0, left)) shares[index] = round + 1;
    left -= Math.min(left, hungry.length);
  }
  return shares;
}
