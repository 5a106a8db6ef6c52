/** Reads `stats`. */
import type Database from 'better-sqlite3';
import type { Status } from '../../src/domain/readiness.ts';
import { whenAsked } from '../statements.ts';

/** A row of `stats`: how many tasks of an assignee stand at a status. */
export interface StatsRow {
  /** `''` stands for none. */
  readonly assignee: string;
  /** As in the table `tasks`: the clock is not in it. */
  readonly status: Status;
  readonly tasks: number;
}

/** How many tasks there are, by status. Absent means none. */
export type StatusCounts = Readonly<Partial<Record<Status, number>>>;

/** The board in figures. */
export interface Stats {
  readonly total: number;
  readonly byStatus: StatusCounts;
  /** By assignee; `''` stands for none. */
  readonly byAssignee: Readonly<Record<string, StatusCounts>>;
  /** How long the ready task that has waited longest has been ready, ms; null when none is. */
  readonly oldestReadyAgeMs: number | null;
}

/** An assignee that tasks or runs name, and what is on its hands. */
export interface AssigneeRow {
  readonly assignee: string;
  readonly byStatus: StatusCounts;
  /** Open runs. */
  readonly running: number;
}

/** Questions about figures. */
export interface StatsQueries {
  stats(nowMs: number): Stats;
  /** Everybody that tasks are assigned to, in the order of their names. */
  assignees(nowMs: number): readonly AssigneeRow[];
}

/** One count of the table, by assignee and status parted by a space. */
export function prepareCount(db: Database.Database): (key: string) => StatsRow | undefined {
  const select = db.prepare<[string, string], StatsRow>(
    'SELECT assignee, status, tasks FROM stats WHERE assignee = ? AND status = ?',
  );
  return (key) => {
    const [assignee = '', status = ''] = key.split(' ');
    return select.get(assignee, status);
  };
}

/** Prepares the questions about figures. */
export function prepareStatsQueries(db: Database.Database): StatsQueries {
  // A scheduled task whose time has come is ready to everybody who asks. The indexes are named:
  // left alone, SQLite walks all scheduled tasks to save a sort of the few that are due.
  const counts = whenAsked(() =>
    db.prepare<[{ nowMs: number }], StatsRow>(
      `SELECT assignee, status, sum(tasks) AS tasks FROM (
       SELECT assignee, status, tasks FROM stats
       UNION ALL
       SELECT ifnull(assignee, ''), 'ready', count(*) FROM tasks INDEXED BY tasks_by_due_time
       WHERE status = 'scheduled' AND not_before_ms <= @nowMs GROUP BY assignee
       UNION ALL
       SELECT ifnull(assignee, ''), 'scheduled', -count(*) FROM tasks INDEXED BY tasks_by_due_time
       WHERE status = 'scheduled' AND not_before_ms <= @nowMs GROUP BY assignee
     ) GROUP BY assignee, status HAVING sum(tasks) > 0`,
    ),
  );
  const oldestReady = whenAsked(() =>
    db
      .prepare<[{ nowMs: number }], number | null>(
        `SELECT min(since) FROM (
         SELECT min(became_ready_at_ms) AS since FROM tasks INDEXED BY tasks_by_ready_time
         WHERE status = 'ready'
         UNION ALL
         SELECT min(became_ready_at_ms) FROM tasks INDEXED BY tasks_by_due_time
         WHERE status = 'scheduled' AND not_before_ms <= @nowMs
       )`,
      )
      .pluck(),
  );
  const openRuns = db
    .prepare<[string], number>('SELECT count(*) FROM runs WHERE assignee = ? AND outcome IS NULL')
    .pluck();

  function stats(nowMs: number): Stats {
    const rows = counts().all({ nowMs });
    const sinceMs = oldestReady().get({ nowMs }) ?? null;
    return {
      total: rows.reduce((sum, row) => sum + row.tasks, 0),
      byStatus: countBy(rows),
      byAssignee: byAssignee(rows),
      oldestReadyAgeMs: sinceMs === null ? null : Math.max(0, nowMs - sinceMs),
    };
  }

  function assignees(nowMs: number): readonly AssigneeRow[] {
    const { '': _unassigned, ...named } = byAssignee(counts().all({ nowMs }));
    return Object.entries(named).map(([assignee, byStatus]) => {
      return { assignee, byStatus, running: openRuns.get(assignee) ?? 0 };
    });
  }

  return { stats, assignees };
}

function byAssignee(rows: readonly StatsRow[]): Readonly<Record<string, StatusCounts>> {
  const names = [...new Set(rows.map((row) => row.assignee))];
  const rowsOf = (name: string) => rows.filter((row) => row.assignee === name);
  return Object.fromEntries(names.map((name) => [name, countBy(rowsOf(name))]));
}

function countBy(rows: readonly StatsRow[]): StatusCounts {
  const counts: Partial<Record<Status, number>> = {};
  for (const { status, tasks } of rows) counts[status] = (counts[status] ?? 0) + tasks;
  return counts;
}
