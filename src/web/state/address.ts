/** What is looked at, as the query of the address: every view can be sent to somebody else. */
import type { Span } from '../../gantt/view.mjs';
import { type Grouping, groupings } from './columns.ts';
import { type Filter, noFilter } from './filter.ts';

/** The views of the page. */
export const viewNames = ['board', 'timeline', 'plots'] as const;
/** The name of a view. */
export type ViewName = (typeof viewNames)[number];

/** What stands in the rows of the timeline. */
export const rowKinds = ['tasks', 'workers'] as const;
/** The name of it. */
export type RowKind = (typeof rowKinds)[number];

/** What is looked at. */
export interface Address {
  readonly view: ViewName;
  readonly filter: Filter;
  readonly grouping: Grouping;
  /** The task in the drawer; null while it is shut. */
  readonly taskId: string | null;
  /** Whether the drawer says why its task stands where it stands. */
  readonly isWhy: boolean;
  /** The position looked at; null for the present. */
  readonly at: number | null;
  readonly rows: RowKind;
  /** The range of time that was chosen on the timeline or a plot; null for all of it. */
  readonly range: Span | null;
}

/** The whole board, as it is now. */
export const home: Address = {
  view: 'board',
  filter: noFilter,
  grouping: 'none',
  taskId: null,
  isWhy: false,
  at: null,
  rows: 'tasks',
  range: null,
};

/** Reads an address; what it does not understand is as if it were not there. */
export function addressOf(search: string): Address {
  const query = new URLSearchParams(search);
  const said = (name: string) => query.get(name) ?? '';
  const at = Number.parseInt(said('at'), 10);
  return {
    view: oneOf(viewNames, said('view')) ?? home.view,
    filter: {
      words: said('q'),
      assignee: said('assignee'),
      tenant: said('tenant'),
      archived: said('archived') === '1',
    },
    grouping: oneOf(groupings, said('group')) ?? home.grouping,
    taskId: query.get('task'),
    isWhy: query.has('task') && said('why') === '1',
    at: Number.isSafeInteger(at) && at >= 0 ? at : null,
    rows: oneOf(rowKinds, said('rows')) ?? home.rows,
    range: rangeOf(said('from'), said('to')),
  };
}

/** Writes an address; what is as ever is left out. */
export function searchOf(address: Address): string {
  const { view, filter, grouping, taskId, isWhy, at, rows, range } = address;
  const query = new URLSearchParams();
  if (view !== home.view) query.set('view', view);
  if (filter.words !== '') query.set('q', filter.words);
  if (filter.assignee !== '') query.set('assignee', filter.assignee);
  if (filter.tenant !== '') query.set('tenant', filter.tenant);
  if (filter.archived) query.set('archived', '1');
  if (grouping !== home.grouping) query.set('group', grouping);
  if (taskId !== null) query.set('task', taskId);
  if (taskId !== null && isWhy) query.set('why', '1');
  if (at !== null) query.set('at', `${at}`);
  if (rows !== home.rows) query.set('rows', rows);
  if (range !== null) {
    query.set('from', `${range.fromAtMs}`);
    query.set('to', `${range.toAtMs}`);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function rangeOf(from: string, to: string): Span | null {
  const [fromAtMs, toAtMs] = [Number.parseInt(from, 10), Number.parseInt(to, 10)];
  return fromAtMs < toAtMs ? { fromAtMs, toAtMs } : null;
}

function oneOf<T extends string>(known: readonly T[], word: string): T | undefined {
  return known.find((each) => each === word);
}
