/** Reads `troubles`, and finds the tasks that a rule of the diagnostics may have to look at. */
import type Database from 'better-sqlite3';
import type { FindingKind } from '../../src/domain/diagnostics/diagnose.ts';
import { atMost } from '../../src/sqlite/at-most.ts';
import { whenAsked } from '../statements.ts';
import { prepareRows } from '../table.ts';
import { type TroubleRow, troubleTable } from './row.ts';

/** When a rule begins to speak, as moments (UTC ms) and counts. */
export interface SuspectBounds {
  readonly nowMs: number;
  readonly readySinceMs: number;
  readonly quietSinceMs: number;
  readonly unsettledSinceMs: number;
  readonly cyclesAfterMs: number;
  readonly refusedAfterMs: number;
  readonly failures: number;
  readonly crashes: number;
  readonly refusals: number;
  /** Assignees that nobody works for; null stands for nobody assigned. */
  readonly lostAssignees: readonly (string | null)[];
  /** Assignees whose workers say what they can load. */
  readonly skilled: readonly {
    readonly assignee: string | null;
    readonly skills: readonly string[];
  }[];
  /** Tasks of one kind, at most: those that have stood longest, or are worst. */
  readonly limit: number;
}

/** Questions about trouble. */
export interface TroubleQueries {
  /** Undefined when there is nothing to remember about a task. */
  trouble(taskId: string): TroubleRow | undefined;
  /** The tasks that a rule may have something to say about, by id. */
  suspects(kind: FindingKind, bounds: SuspectBounds): readonly string[];
}

/** What is remembered of a task. */
export function prepareTroubleById(
  db: Database.Database,
): (taskId: string) => TroubleRow | undefined {
  return prepareRows(db, troubleTable, 'WHERE task_id = ?').one;
}

/** Whether the table of tasks has one with an id. */
export function prepareTaskExists(db: Database.Database): (taskId: string) => boolean {
  const select = db.prepare<[string], number>('SELECT 1 FROM tasks WHERE task_id = ?').pluck();
  return (taskId) => select.get(taskId) !== undefined;
}

/** Prepares the questions about trouble. */
export function prepareTroubleQueries(db: Database.Database): TroubleQueries {
  const prepared = Object.entries(suspectSql).map(([kind, sql]) => {
    const select = whenAsked(() =>
      db.prepare<[unknown], string>(`${sql} ${atMost('@limit')}`).pluck(),
    );
    return [kind, select] as const;
  });
  const byKind = Object.fromEntries(prepared) as Record<FindingKind, (typeof prepared)[0][1]>;

  return {
    trouble: prepareTroubleById(db),
    suspects(kind, { lostAssignees, skilled, ...bounds }) {
      const lists = {
        lostAssignees: JSON.stringify(lostAssignees),
        skilled: JSON.stringify(skilled),
      };
      return byKind[kind]().all({ ...bounds, ...lists });
    },
  };
}

/** Written as in the indexes on it, or SQLite would not use them. */
const isUnfinished = `status NOT IN ('done', 'archived', 'tombstoned')`;

/** Stopped like this, and nothing was said since. */
function quietSql(status: string): string {
  return `SELECT task.task_id FROM troubles INDEXED BY troubles_stopped
    CROSS JOIN tasks AS task ON task.task_id = troubles.task_id AND task.status = '${status}'
    WHERE stopped_at_ms <= @quietSinceMs AND NOT EXISTS (
      SELECT 1 FROM comments WHERE comments.task_id = troubles.task_id AND at_ms > @quietSinceMs)
    ORDER BY stopped_at_ms`;
}

/**
 * One question for each rule, without its limit. What a rule says no to is left out as far as an
 * index tells; the rule itself has the last word. CROSS JOIN keeps SQLite from beginning with the
 * tasks, which are many, instead of with what is wrong, which is little.
 */
const suspectSql: Readonly<Record<FindingKind, string>> = {
  stale_running_claim: `SELECT task.task_id FROM tasks AS task
    LEFT JOIN runs AS run ON run.run_id = task.current_run_id
    WHERE task.status = 'running' AND (run.run_id IS NULL OR run.outcome IS NOT NULL
      OR run.opened ->> 'kind' = 'worker' AND run.spawned_at_ms IS NULL
        AND run.opened_at_ms <= @unsettledSinceMs
      OR max(run.opened_at_ms, ifnull(run.spawned_at_ms, 0), ifnull(run.started_at_ms, 0),
        ifnull(run.beats ->> 'lastAt', 0), ifnull(run.lease_extended_at_ms, 0))
        + run.lease_ttl_ms <= @unsettledSinceMs)
    ORDER BY run.opened_at_ms`,
  halted_by_breaker: `SELECT task_id FROM tasks WHERE status = 'halted'
    ORDER BY priority DESC, seq`,
  repeated_failures: `SELECT task_id FROM tasks INDEXED BY tasks_failing
    WHERE failures >= @failures AND failures > 0 AND ${isUnfinished} ORDER BY failures DESC`,
  repeated_crashes: `SELECT task_id FROM troubles INDEXED BY troubles_crashing
    WHERE crashes >= @crashes AND crashes > 0 AND is_shelved = 0 ORDER BY crashes DESC`,
  // The longest waiting of each kind by its own index, then the longest waiting of both.
  stranded_in_ready: `SELECT task_id FROM (
      SELECT * FROM (
        SELECT task_id, became_ready_at_ms FROM tasks INDEXED BY tasks_by_ready_time
        WHERE status = 'ready' AND became_ready_at_ms <= @readySinceMs
        ORDER BY became_ready_at_ms ${atMost('@limit')})
      UNION ALL
      SELECT * FROM (
        SELECT task_id, became_ready_at_ms FROM tasks INDEXED BY tasks_by_due_time
        WHERE status = 'scheduled' AND not_before_ms <= @nowMs
          AND became_ready_at_ms <= @readySinceMs
        ORDER BY became_ready_at_ms ${atMost('@limit')})
    ) ORDER BY became_ready_at_ms`,
  assignee_not_found: `SELECT task_id FROM json_each(@lostAssignees) AS lost
    CROSS JOIN tasks INDEXED BY tasks_by_assignee_status_priority
    ON assignee IS lost.value AND status IN ('ready', 'scheduled', 'waiting')`,
  invalid_task_skills: `SELECT task_id FROM json_each(@skilled) AS worker
    CROSS JOIN tasks INDEXED BY tasks_asking ON assignee IS worker.value ->> 'assignee'
    WHERE skills <> '[]' AND ${isUnfinished} AND EXISTS (
      SELECT 1 FROM json_each(skills) AS asked WHERE asked.value NOT IN (
        SELECT value FROM json_each(worker.value, '$.skills')))`,
  parent_never_done: `SELECT DISTINCT child.task_id FROM (
      SELECT task_id FROM tasks WHERE status = 'halted'
      UNION ALL
      SELECT stopped.task_id FROM troubles AS stopped INDEXED BY troubles_stopped
      CROSS JOIN tasks AS blocked
      ON blocked.task_id = stopped.task_id AND blocked.status = 'blocked'
      WHERE stopped_at_ms <= @quietSinceMs
      UNION ALL
      SELECT task_id FROM tasks INDEXED BY tasks_given_up
      WHERE status IN ('archived', 'tombstoned') AND done_at_ms IS NULL
        AND children_done < children_total
    ) AS parent
    CROSS JOIN links ON links.parent_id = parent.task_id
    CROSS JOIN tasks AS child ON child.task_id = links.child_id AND child.status = 'waiting'`,
  stuck_in_blocked: quietSql('blocked'),
  triage_unattended: quietSql('triage'),
  block_unblock_cycling: `SELECT task_id FROM troubles INDEXED BY troubles_cycling
    WHERE cycling_at_ms > @cyclesAfterMs AND is_shelved = 0 ORDER BY cycling_at_ms DESC`,
  refused_writes: `SELECT task_id FROM refused INDEXED BY refused_by_time
    WHERE at_ms > @refusedAfterMs GROUP BY task_id HAVING count(*) >= @refusals`,
  phantom_task_reference: `SELECT task_id FROM troubles INDEXED BY troubles_phantoms
    WHERE phantoms <> '[]' AND is_shelved = 0`,
};
