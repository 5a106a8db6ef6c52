/** Reads `refused`. */
import type Database from 'better-sqlite3';
import { type RefusedRow, refusedColumns } from './refused.ts';

/** Questions about refused writes. */
export interface RefusedQueries {
  /** The stale writes refused on a task, to a run, or all of them; oldest first. */
  refused(filter?: { readonly taskId?: string; readonly runId?: string }): readonly RefusedRow[];
}

/** Prepares the questions about refused writes. */
export function prepareRefusedQueries(db: Database.Database): RefusedQueries {
  const all = db.prepare(`SELECT ${refusedColumns.list} FROM refused ORDER BY position`);
  const ofTask = db.prepare<[string]>(
    `SELECT ${refusedColumns.list} FROM refused WHERE task_id = ? ORDER BY position`,
  );
  const ofRun = db.prepare<[string]>(
    `SELECT ${refusedColumns.list} FROM refused WHERE run_id = ? ORDER BY position`,
  );

  function refused({ taskId, runId }: { taskId?: string; runId?: string } = {}) {
    if (runId !== undefined) {
      const rows = ofRun.all(runId).map(refusedColumns.read);
      return taskId === undefined ? rows : rows.filter((row) => row.taskId === taskId);
    }
    const records = taskId === undefined ? all.all() : ofTask.all(taskId);
    return records.map(refusedColumns.read);
  }

  return { refused };
}
