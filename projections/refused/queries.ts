/** Reads `refused`. */
import type Database from 'better-sqlite3';
import { prepareRows } from '../table.ts';
import { type RefusedRow, refusedTable } from './refused.ts';

/** Questions about refused writes. */
export interface RefusedQueries {
  /** The stale writes refused on a task, to a run, or all of them; oldest first. */
  refused(filter?: { readonly taskId?: string; readonly runId?: string }): readonly RefusedRow[];
}

/** Prepares the questions about refused writes. */
export function prepareRefusedQueries(db: Database.Database): RefusedQueries {
  const all = prepareRows(db, refusedTable, 'ORDER BY position');
  const ofTask = prepareRows(db, refusedTable, 'WHERE task_id = ? ORDER BY position');
  const ofRun = prepareRows(db, refusedTable, 'WHERE run_id = ? ORDER BY position');

  function refused({ taskId, runId }: { taskId?: string; runId?: string } = {}) {
    if (runId === undefined) return taskId === undefined ? all.all() : ofTask.all(taskId);
    const rows = ofRun.all(runId);
    return taskId === undefined ? rows : rows.filter((row) => row.taskId === taskId);
  }

  return { refused };
}
