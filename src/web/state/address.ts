/** What is looked at, as the query of the address: every view can be sent to somebody else. */
import { type Grouping, groupings } from './columns.ts';
import { type Filter, noFilter } from './filter.ts';

/** The views of the page. */
export const viewNames = ['board', 'timeline', 'plots'] as const;
/** The name of a view. */
export type ViewName = (typeof viewNames)[number];

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
}

/** The whole board, as it is now. */
export const home: Address = {
  view: 'board',
  filter: noFilter,
  grouping: 'none',
  taskId: null,
  isWhy: false,
  at: null,
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
  };
}

/** Writes an address; what is as ever is left out. */
export function searchOf({ view, filter, grouping, taskId, isWhy, at }: Address): string {
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
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function oneOf<T extends string>(known: readonly T[], word: string): T | undefined {
  return known.find((each) => each === word);
}
