/** Reads `dispatchers`. */
import type Database from 'better-sqlite3';
import { prepareRows } from '../table.ts';
import { type DispatcherRow, dispatcherTable } from './row.ts';

/** Questions about dispatchers. */
export interface DispatcherQueries {
  /** All that ever started, the latest first. */
  dispatchers(): readonly DispatcherRow[];
}

/** The dispatcher with an id, as the table has it. */
export function prepareDispatcherById(
  db: Database.Database,
): (dispatcherId: string) => DispatcherRow | undefined {
  return prepareRows(db, dispatcherTable, 'WHERE dispatcher_id = ?').one;
}

/** Prepares the questions about dispatchers. */
export function prepareDispatcherQueries(db: Database.Database): DispatcherQueries {
  const latestFirst = prepareRows(db, dispatcherTable, 'ORDER BY position DESC');
  return { dispatchers: () => latestFirst.all() };
}
