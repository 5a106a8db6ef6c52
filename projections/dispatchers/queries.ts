/** Reads `dispatchers`. */
import type Database from 'better-sqlite3';
import { prepareOne } from '../columns.ts';
import { type DispatcherRow, dispatcherColumns } from './row.ts';

/** Questions about dispatchers. */
export interface DispatcherQueries {
  /** All that ever started, the latest first. */
  dispatchers(): readonly DispatcherRow[];
}

/** The dispatcher with an id, as the table has it. */
export function prepareDispatcherById(
  db: Database.Database,
): (dispatcherId: string) => DispatcherRow | undefined {
  const sql = `SELECT ${dispatcherColumns.list} FROM dispatchers WHERE dispatcher_id = ?`;
  return prepareOne(db, sql, dispatcherColumns);
}

/** Prepares the questions about dispatchers. */
export function prepareDispatcherQueries(db: Database.Database): DispatcherQueries {
  const all = db.prepare<[]>(
    `SELECT ${dispatcherColumns.list} FROM dispatchers ORDER BY position DESC`,
  );
  return { dispatchers: () => all.all().map(dispatcherColumns.read) };
}
