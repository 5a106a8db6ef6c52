/** Lives as the filter and the groups of the page have them. */
import { statusOf } from '../../domain/readiness.ts';
import type { Life, Row } from '../../gantt/rows.mjs';
import type { BoardFold } from './board-fold.ts';
import { type Grouping, groupTitle } from './columns.ts';
import { type Filter, isFiltering, matcherOf } from './filter.ts';
import { counted } from './words.ts';

/** The board that knows more of a task than its life tells. */
type Tasks = Pick<BoardFold, 'tasks'>;

/**
 * The tasks of the board that a filter is about, the latest changed first, at most so many;
 * undefined where it leaves all of them, or none that the board knows.
 */
export function idsWanted(
  filter: Filter,
  { tasks }: Tasks,
  { most, nowMs }: { readonly most: number; readonly nowMs: number },
): readonly string[] | undefined {
  if (!isFiltering(filter)) return undefined;
  const matches = matcherOf({ ...filter, archived: true });
  const wanted = [...tasks.values()].filter((record) => {
    const { task, openParents } = record;
    return matches({ record, status: statusOf(task, { openParents, nowMs }) });
  });
  if (wanted.length === 0) return undefined;
  wanted.sort((one, other) => other.position - one.position);
  return wanted.slice(0, most).map(({ taskId }) => taskId);
}

/**
 * A predicate for lives: was the task ever that assignee's, and is it of that tenant. Of what is
 * in the archive the page does not know the tenant.
 */
export function lifeMatcher({ assignee, tenant }: Filter, { tasks }: Tasks) {
  const isSame = (asked: string, found: string | null) =>
    asked === '' || (asked === '-' ? found === null : found === asked);
  return ({ taskId, bars }: Life): boolean => {
    const task = tasks.get(taskId)?.task;
    const owners = [...bars.map((bar) => bar.assignee), ...(task ? [task.assignee] : [])];
    if (!owners.some((owner) => isSame(assignee, owner)) && assignee !== '') return false;
    return task === undefined ? tenant === '' : isSame(tenant, task.tenant);
  };
}

/** Rows under the headings of their groups, in the order of the headings. */
export function groupedRows(
  lives: readonly Life[],
  { grouping, tasks }: Tasks & { readonly grouping: Grouping },
  rowsOf: (lives: readonly Life[]) => readonly Row[],
): readonly Row[] {
  if (grouping === 'none') return rowsOf(lives);
  const titleOf = (taskId: string) => tasks.get(taskId)?.task.title ?? taskId;
  const groups = new Map<string, Life[]>();
  for (const life of lives) {
    const record = tasks.get(life.taskId);
    const title = record === undefined ? 'archived' : groupTitle(record, { grouping, titleOf });
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [life]);
    else group.push(life);
  }
  const inOrder = [...groups].sort(([one], [other]) => order.compare(one, other));
  return inOrder.flatMap(([title, ofGroup]) => {
    const rows = rowsOf(ofGroup).map((row) => ({ ...row, key: `${row.key}\n${title}` }));
    return rows.length === 0 ? [] : [headingOf(title, ofGroup.length), ...rows];
  });
}

const order = new Intl.Collator('en', { numeric: true });

function headingOf(title: string, count: number): Row {
  const detail = counted(count, 'task');
  return { key: `group\n${title}`, label: title, detail, bars: [], signs: [], isHeading: true };
}
