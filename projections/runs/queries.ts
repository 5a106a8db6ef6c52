/** Reads `runs`. */
import type Database from 'better-sqlite3';
import type { CodedEnding } from '../../src/domain/outage.ts';
import { atMost } from '../../src/sqlite/at-most.ts';
import { whenAsked } from '../statements.ts';
import { prepareRows } from '../table.ts';
import { type RunRow, runTable } from './row.ts';

/** Questions about runs. */
export interface RunQueries {
  run(runId: string): RunRow | undefined;
  /** The attempts at a task, first to last. */
  runs(taskId: string): readonly RunRow[];
  /** The last attempts at a task that are over, newest first; not runs that only keep a record. */
  lastAttempts(taskId: string, limit: number): readonly RunRow[];
  /** The runs that have not ended, oldest first; of one host only, if it is given. */
  openRuns(filter?: { readonly host?: string }): readonly RunRow[];
  openRunCount(filter?: { readonly assignee?: string }): number;
  /** How many runs are open, by assignee; `''` stands for none. */
  runningCounts(): Readonly<Record<string, number>>;
  /** What an assignee finished last, newest first, whatever the outcome. */
  recentRunsOfAssignee(assignee: string, limit: number): readonly RunRow[];
  /** The same runs as `recentRunsOfAssignee`, and of each no more than what came of it. */
  recentResultsOfAssignee(assignee: string, limit: number): readonly RecentResult[];
  /** When somebody last claimed a task of an assignee, UTC ms; undefined when nobody did. */
  lastClaimAtMs(assignee: string): number | undefined;
  /**
   * The runs of an assignee that ended with an exit code or errno since it last gave an answer, or
   * since a person last resumed the board; oldest first.
   */
  codedEndings(assignee: string): readonly CodedEnding[];
}

/** What came of a run: every launch asks for it, and a row has two dozen fields more. */
export interface RecentResult {
  readonly taskId: string;
  /** What the worker said it had done; null when it said nothing. */
  readonly summary: string | null;
  /** Of the run's last event. */
  readonly position: number;
}

/** Most endings looked at: at the pace of probes, those of more than a week. */
const endingsMax = 1_000;

/** Whoever completes or asks a question works; what was taken from a run says nothing about it. */
const codedSql = `SELECT task_id AS taskId, outcome, opened_at_ms AS openedAtMs,
    ended_at_ms AS endedAtMs,
    CAST(coalesce(ending ->> 'errno', ending ->> 'exitCode') AS TEXT) AS code
  FROM runs
  WHERE assignee = @assignee AND outcome IS NOT NULL AND code IS NOT NULL
    AND position > max(
      ifnull((SELECT resumed_position FROM board), 0),
      ifnull((SELECT max(position) FROM runs WHERE assignee = @assignee
        AND outcome IS NOT NULL AND outcome IN ('completed', 'blocked')), 0))
  ORDER BY position DESC ${atMost('@limit')}`;

/** The last ends of an assignee's runs. */
const endsSql = `WHERE assignee = ? AND outcome IS NOT NULL ORDER BY position DESC ${atMost('?')}`;

const resultsSql = `SELECT task_id AS taskId, ending ->> 'summary' AS summary, position
  FROM runs ${endsSql}`;

/** Of the runs that are open, and of the one that ended last. */
const lastClaimSql = `SELECT max(atMs) FROM (
    SELECT opened_at_ms AS atMs FROM runs WHERE assignee = @assignee AND outcome IS NULL
    UNION ALL
    SELECT atMs FROM (
      SELECT opened_at_ms AS atMs FROM runs WHERE assignee = @assignee AND outcome IS NOT NULL
      ORDER BY position DESC ${atMost('1')}))`;

/** The run with an id, as the table has it. */
export function prepareRunById(db: Database.Database): (runId: string) => RunRow | undefined {
  return prepareRows(db, runTable, 'WHERE run_id = ?').one;
}

/** Prepares the questions about runs. */
export function prepareRunQueries(db: Database.Database): RunQueries {
  const ofTask = prepareRows(db, runTable, 'WHERE task_id = ? ORDER BY seq');
  const open = prepareRows(
    db,
    runTable,
    `INDEXED BY runs_open
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
  const ofAssignee = prepareRows(db, runTable, endsSql);
  const results = whenAsked(() => db.prepare<[string, number], RecentResult>(resultsSql));
  const codedEndings = whenAsked(() =>
    db.prepare<[{ assignee: string; limit: number }], CodedEnding>(codedSql),
  );

  const lastAttempts = prepareRows(
    db,
    runTable,
    `WHERE task_id = ? AND outcome IS NOT NULL AND opened ->> 'kind' <> 'record'
     ORDER BY seq DESC ${atMost('?')}`,
  );
  const lastClaim = whenAsked(() =>
    db.prepare<[{ assignee: string }], number | null>(lastClaimSql).pluck(),
  );

  return {
    run: prepareRunById(db),
    runs: (taskId) => ofTask.all(taskId),
    lastAttempts: (taskId, limit) => lastAttempts.all(taskId, limit),
    lastClaimAtMs: (assignee) => lastClaim().get({ assignee }) ?? undefined,
    openRuns: (filter = {}) => open.all({ host: filter.host ?? null }),
    openRunCount: (filter = {}) => openCount.get({ assignee: filter.assignee ?? null }) ?? 0,
    runningCounts: () =>
      Object.fromEntries(openByAssignee.all().map(({ assignee, n }) => [assignee, n])),
    recentRunsOfAssignee: (assignee, limit) => ofAssignee.all(assignee, limit),
    recentResultsOfAssignee: (assignee, limit) => results().all(assignee, limit),
    codedEndings: (assignee) => codedEndings().all({ assignee, limit: endingsMax }).toReversed(),
  };
}
