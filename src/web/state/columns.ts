/** The columns of the board, what stands in which, in what order, and in which groups. */
import { type Status, statusOf } from '../../domain/readiness.ts';
import type { TaskRecord } from '../../domain/task/record.ts';

/** The columns, from left to right. */
export const columnKeys = [
  'triage',
  'waiting',
  'ready',
  'running',
  'review',
  'blocked',
  'done',
  'archived',
] as const;
/** The name of a column. */
export type ColumnKey = (typeof columnKeys)[number];

/** What the columns are called. */
export const columnTitles: Readonly<Record<ColumnKey, string>> = {
  triage: 'Triage',
  waiting: 'Waiting',
  ready: 'Ready',
  running: 'Running',
  review: 'Review',
  blocked: 'Blocked',
  done: 'Done',
  archived: 'Archived',
};

const columnOfStatus: Readonly<Record<Status, ColumnKey>> = {
  triage: 'triage',
  waiting: 'waiting',
  scheduled: 'waiting',
  ready: 'ready',
  running: 'running',
  review: 'review',
  blocked: 'blocked',
  halted: 'blocked',
  done: 'done',
  archived: 'archived',
  tombstoned: 'archived',
};

/** The column a status stands in. */
export function columnOf(status: Status): ColumnKey {
  return columnOfStatus[status];
}

/** A task with its status at a moment. */
export interface Shown {
  readonly record: TaskRecord;
  readonly status: Status;
}

/** What the cards of a column may be grouped by. */
export const groupings = ['none', 'assignee', 'priority', 'tenant', 'parent'] as const;
/** The name of a grouping. */
export type Grouping = (typeof groupings)[number];

/** Cards that belong together; the title is null where nothing is grouped. */
export interface Group {
  readonly title: string | null;
  readonly cards: readonly Shown[];
}

/** A column with its cards, in groups. */
export interface Column {
  readonly key: ColumnKey;
  readonly count: number;
  readonly groups: readonly Group[];
}

/** By what tasks are grouped. */
export interface GroupedBy {
  readonly grouping: Grouping;
  /** What a parent is called. */
  titleOf(taskId: string): string;
}

/** What makes columns of tasks. */
export interface Arrangement extends GroupedBy {
  readonly nowMs: number;
  /** Whether a card is to be seen. */
  matches(shown: Shown): boolean;
  /** Cards that stand elsewhere for the moment. */
  readonly moved: ReadonlyMap<string, ColumnKey>;
}

/** The columns with the cards that match, empty columns included. */
export function columnsOf(
  records: Iterable<TaskRecord>,
  arrangement: Arrangement,
): readonly Column[] {
  const byKey = new Map<ColumnKey, Shown[]>(columnKeys.map((key) => [key, []]));
  for (const record of records) {
    const { openParents } = record;
    const status = statusOf(record.task, { openParents, nowMs: arrangement.nowMs });
    const shown = { record, status };
    if (arrangement.matches(shown)) {
      byKey.get(arrangement.moved.get(record.taskId) ?? columnOf(status))?.push(shown);
    }
  }
  return [...byKey].map(([key, cards]) => {
    cards.sort(orders[key] ?? byPriority);
    return { key, count: cards.length, groups: groupsOf(cards, arrangement) };
  });
}

/** All cards of a column, in the order they stand. */
export function cardsOf({ groups }: Column): readonly Shown[] {
  return groups.flatMap(({ cards }) => cards);
}

type Order = (one: Shown, other: Shown) => number;

/** As the queue goes: the higher priority first, then the older. */
const byPriority: Order = ({ record: one }, { record: other }) =>
  other.task.priority - one.task.priority || one.seq - other.seq;

const latestFirst: Order = ({ record: one }, { record: other }) => other.position - one.position;

const orders: Readonly<Partial<Record<ColumnKey, Order>>> = {
  done: latestFirst,
  archived: latestFirst,
};

function groupsOf(cards: readonly Shown[], arrangement: Arrangement): readonly Group[] {
  if (arrangement.grouping === 'none') return [{ title: null, cards }];
  const groups = new Map<string, Shown[]>();
  for (const shown of cards) {
    const title = groupTitle(shown.record, arrangement);
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [shown]);
    else group.push(shown);
  }
  return [...groups].map(([title, members]) => ({ title, cards: members }));
}

/** What a task has in common with others of its group. */
export function groupTitle({ task }: Pick<TaskRecord, 'task'>, by: GroupedBy): string {
  const { grouping, titleOf } = by;
  switch (grouping) {
    case 'assignee':
      return task.assignee ?? 'nobody';
    case 'priority':
      return `priority ${task.priority}`;
    case 'tenant':
      return task.tenant ?? 'no tenant';
    case 'parent': {
      const [parent] = task.parents;
      return parent === undefined ? 'no parent' : titleOf(parent);
    }
    default:
      return '';
  }
}
