/** Reads `dispatchers`. */
import type Database from 'better-sqlite3';
import { atMost } from '../../src/sqlite/at-most.ts';
import { prepareRows } from '../table.ts';
import { type DispatcherRow, dispatcherTable } from './row.ts';

/** Questions about dispatchers. */
export interface DispatcherQueries {
  /** All that ever started, the latest first. */
  dispatchers(): readonly DispatcherRow[];
  /** Those that have not said goodbye, the latest first; the last hundred. */
  servingDispatchers(): readonly DispatcherRow[];
  /** On how many hosts they are. */
  servingHosts(): number;
}

/** A dispatcher that died without a word never says goodbye: the latest are the ones that count. */
const servingMax = 100;

/** The dispatcher with an id, as the table has it. */
export function prepareDispatcherById(
  db: Database.Database,
): (dispatcherId: string) => DispatcherRow | undefined {
  return prepareRows(db, dispatcherTable, 'WHERE dispatcher_id = ?').one;
}

/** Prepares the questions about dispatchers. */
export function prepareDispatcherQueries(db: Database.Database): DispatcherQueries {
  const latestFirst = prepareRows(db, dispatcherTable, 'ORDER BY position DESC');
  const serving = prepareRows(
    db,
    dispatcherTable,
    `INDEXED BY dispatchers_serving WHERE stopped_at_ms IS NULL
     ORDER BY position DESC ${atMost('?')}`,
  );
  const hosts = db
    .prepare<[], number>(
      `SELECT count(DISTINCT host) FROM dispatchers INDEXED BY dispatchers_serving
       WHERE stopped_at_ms IS NULL`,
    )
    .pluck();
  return {
    dispatchers: () => latestFirst.all(),
    servingHosts: () => hosts.get() ?? 0,
    servingDispatchers: () => serving.all(servingMax),
  };
}
