/** Tasks as lines: the id first, then where each stands, what it is, whose, and how old. */
import type { ListedTask } from '../../projections/tasks/row.ts';
import { plainLine } from './sanitize.ts';
import { statusLabel } from './status.ts';
import type { Style } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { shortDuration } from './time.ts';

const columns: readonly Column[] = [
  { head: 'ID' },
  { head: 'STATUS' },
  { head: 'TITLE', stretch: true },
  { head: 'ASSIGNEE' },
  { head: 'TRY', align: 'right' },
  { head: 'AGE', align: 'right' },
];

/** The tasks as a table; empty for none. */
export function taskTable(tasks: readonly ListedTask[], style: Style, nowMs: number): string {
  if (tasks.length === 0) return '';
  return renderTable(
    columns,
    tasks.map((task) => cells(task, style, nowMs)),
    style,
  );
}

function cells(task: ListedTask, style: Style, nowMs: number): readonly string[] {
  const { assignee, attempts, createdAtMs, status, taskId } = task;
  return [
    taskId,
    statusLabel(status, style),
    titleOf(task),
    assignee === null ? style.paint('dim', '–') : plainLine(assignee),
    attempts === 0 ? style.paint('dim', '–') : `${attempts}`,
    shortDuration(nowMs - createdAtMs),
  ];
}

/** Tenant and priority stand before the title where there are any: most boards have none. */
function titleOf({ priority, tenant, title }: ListedTask): string {
  const marks = [
    priority === 0 ? undefined : `${priority > 0 ? '+' : ''}${priority}`,
    tenant === null ? undefined : `[${plainLine(tenant)}]`,
  ];
  return [...marks.filter((mark) => mark !== undefined), plainLine(title)].join(' ');
}
