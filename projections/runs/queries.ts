/** Reads `runs`. */
import type Database from 'better-sqlite3';
import { prepareOne } from '../columns.ts';
import { type RunRow, runColumns } from './row.ts';

/** Questions about runs. */
export interface RunQueries {
  run(runId: string): RunRow | undefined;
  /** The attempts at a task, first to last. */
  runs(taskId: string): readonly RunRow[];
  /** The runs that have not ended, oldest first; of one host only, if it is given. */
  openRuns(filter?: { readonly host?: string }): readonly RunRow[];
  openRunCount(filter?: { readonly assignee?: string }): number;
  /** How many runs are open, by assignee; `''` stands for none. */
  runningCounts(): Readonly<Record<string, number>>;
  /** What an assignee finished last, newest first, whatever the outcome. */
  recentRunsOfAssignee(assignee: string, limit: number): readonly RunRow[];
}

/** The run with an id, as the table has it. */
export function prepareRunById(db: Database.Database): (runId: string) => RunRow | undefined {
  return prepareOne(db, `SELECT ${runColumns.list} FROM runs WHERE run_id = ?`, runColumns);
}

/** Prepares the questions about runs. */
export function prepareRunQueries(db: Database.Database): RunQueries {
  const ofTask = db.prepare<[string]>(
    `SELECT ${runColumns.list} FROM runs WHERE task_id = ? ORDER BY seq`,
  );
  const open = db.prepare<[{ host: string | null }]>(
    `SELECT ${runColumns.list} FROM runs INDEXED BY runs_open
     WHERE outcome IS NULL AND (@host IS NULL OR opened ->> 'host' = @host) ORDER BY seq`,
  );
  const openByAssignee = db.prepare<[], { assignee: string; n: number }>(
    `SELECT ifnull(assignee, '') AS assignee, count(*) AS n
     FROM runs WHERE outcome IS NULL GROUP BY assignee`,
  );
  const openCount = db
    .prepare<[{ assignee: string | null }], number>(
      `SELECT count(*) FROM runs
       WHERE outcome IS NULL AND (@assignee IS NULL OR assignee = @assignee)`,
    )
    .pluck();
  const ofAssignee = db.prepare<[string, number]>(
    `SELECT ${runColumns.list} FROM runs
     WHERE assignee = ? AND outcome IS NOT NULL ORDER BY seq DESC LIMIT ?`,
  );

  return {
    run: prepareRunById(db),
    runs: (taskId) => ofTask.all(taskId).map(runColumns.read),
    openRuns: (filter = {}) => open.all({ host: filter.host ?? null }).map(runColumns.read),
    openRunCount: (filter = {}) => openCount.get({ assignee: filter.assignee ?? null }) ?? 0,
    runningCounts: () =>
      Object.fromEntries(openByAssignee.all().map(({ assignee, n }) => [assignee, n])),
    recentRunsOfAssignee: (assignee, limit) => ofAssignee.all(assignee, limit).map(runColumns.read),
  };
}
