/** Reads `unpaired`, and beside it the tasks and runs of which only one half says what happened. */
import type Database from 'better-sqlite3';

/**
 * Something that was begun on a log that is not atomic and is not finished: the task is held by a
 * run that was never opened (`opening`) or that is over (`meaning`), or the record of somebody's
 * word is missing (`record`).
 */
export interface LooseEnd {
  readonly taskId: string;
  readonly runId: string;
  readonly missing: 'opening' | 'meaning' | 'record';
}

/** The question what was left half done. */
export interface LooseEndQueries {
  /** All loose ends, in no order; reads the tasks that run, and nothing else. */
  looseEnds(): readonly LooseEnd[];
}

/** Prepares the question. */
export function prepareLooseEndQueries(db: Database.Database): LooseEndQueries {
  const select = db.prepare<[], LooseEnd>(
    `SELECT tasks.task_id AS taskId, current_run_id AS runId,
       iif(runs.run_id IS NULL, 'opening', 'meaning') AS missing
     FROM tasks LEFT JOIN runs ON runs.run_id = current_run_id
     WHERE status = 'running' AND (runs.run_id IS NULL OR runs.outcome IS NOT NULL)
     UNION ALL
     SELECT task_id, run_id, 'record' FROM unpaired WHERE has = 'word'`,
  );
  return { looseEnds: () => select.all() };
}
