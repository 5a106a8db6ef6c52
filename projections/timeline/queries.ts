/** Reads `timeline`. */
import type Database from 'better-sqlite3';
import { atMost } from '../../src/sqlite/at-most.ts';
import { type Bindings, onceEach, where } from '../statements.ts';
import { prepareRows } from '../table.ts';
import type { Importance } from './importance.ts';
import type { TimelineRow } from './row.ts';
import { timelineTable } from './timeline.ts';

/** Which entries of the timeline to read. */
export interface TimelineFilter {
  readonly taskId?: string;
  /** Any of these tasks. */
  readonly taskIds?: readonly string[];
  readonly runId?: string;
  /** Only what runs of this assignee did, and what else happened to the tasks they worked on. */
  readonly assignee?: string;
  /** The same for the runs on one host. */
  readonly host?: string;
  /** Only entries after this position, or before it. */
  readonly afterPosition?: number;
  readonly beforePosition?: number;
  /** Types of events, `became_ready`, `began_to_wait`. */
  readonly kinds?: readonly string[];
  readonly minImportance?: Importance;
  /** Newest first. Default: oldest first. */
  readonly newestFirst?: boolean;
  /**
   * How many entries at most. What followed from the last event comes with it, beyond the limit,
   * so that a reader who goes on after its position misses nothing.
   */
  readonly limit: number;
}

/** Questions about the timeline. */
export interface TimelineQueries {
  timeline(filter: TimelineFilter): readonly TimelineRow[];
}

/** Prepares the question about the timeline. */
export function prepareTimelineQueries(db: Database.Database): TimelineQueries {
  const rowsOf = onceEach((which) => prepareRows(db, timelineTable, which));

  function timeline(filter: TimelineFilter): readonly TimelineRow[] {
    const bindings = bindingsOf(filter);
    const rows = rowsOf(entriesSql(filter)).all(bindings);
    const last = rows.at(-1);
    if (last === undefined || rows.length < filter.limit) return rows;
    const rest = { ...bindings, position: last.position, ordinal: last.ordinal };
    return [...rows, ...rowsOf(restSql(filter)).all(rest)];
  }

  return { timeline };
}

function entriesSql(filter: TimelineFilter): string {
  const order = filter.newestFirst ? 'position DESC, ordinal DESC' : 'position, ordinal';
  return `${where(conditionsOf(filter))} ORDER BY ${order} ${atMost('@limit')}`;
}

/** The entries at the last position that the limit has cut off. */
function restSql(filter: TimelineFilter): string {
  const beyond = filter.newestFirst ? 'ordinal < @ordinal' : 'ordinal > @ordinal';
  const order = filter.newestFirst ? 'ordinal DESC' : 'ordinal';
  const conditions = where([...conditionsOf(filter), 'position = @position', beyond]);
  return `${conditions} ORDER BY ${order}`;
}

const workersSql = `FROM runs WHERE (@assignee IS NULL OR assignee = @assignee)
  AND (@host IS NULL OR ifnull(process ->> 'host', opened ->> 'host') = @host)`;

const ofRunsSql = `(run_id IN (SELECT run_id ${workersSql})
  OR run_id IS NULL AND task_id IN (SELECT task_id ${workersSql}))`;

function conditionsOf(filter: TimelineFilter) {
  return [
    filter.taskId !== undefined && 'task_id = @taskId',
    // The index is by task, and a run has one.
    filter.runId !== undefined &&
      'task_id = (SELECT task_id FROM runs WHERE run_id = @runId) AND run_id = @runId',
    filter.taskIds !== undefined && 'task_id IN (SELECT value FROM json_each(@taskIds))',
    (filter.assignee !== undefined || filter.host !== undefined) && ofRunsSql,
    filter.afterPosition !== undefined && 'position > @afterPosition',
    filter.beforePosition !== undefined && 'position < @beforePosition',
    filter.kinds !== undefined && 'type IN (SELECT value FROM json_each(@kinds))',
    // Written as the index on it is, or SQLite would not use that.
    filter.minImportance === 3 && 'importance = 3',
    filter.minImportance === 2 && 'importance >= 2',
  ];
}

function bindingsOf(filter: TimelineFilter): Bindings {
  return {
    taskId: filter.taskId ?? null,
    runId: filter.runId ?? null,
    taskIds: JSON.stringify(filter.taskIds ?? []),
    assignee: filter.assignee ?? null,
    host: filter.host ?? null,
    afterPosition: filter.afterPosition ?? null,
    beforePosition: filter.beforePosition ?? null,
    kinds: JSON.stringify(filter.kinds ?? []),
    limit: filter.limit,
  };
}
