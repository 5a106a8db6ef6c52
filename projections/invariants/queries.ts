/** Reads all tables for what must never be: rows that contradict each other. */
import type Database from 'better-sqlite3';
import { whenAsked } from '../statements.ts';

/** A rule that the tables break. */
export interface BrokenInvariant {
  /** The rule, in words. */
  readonly rule: string;
  /** A row that breaks it: the id of a task or run, or an assignee and a status. */
  readonly subject: string;
  /** What was found. */
  readonly found: string;
}

/** The question whether the tables agree with each other. */
export interface InvariantQueries {
  /** Every broken rule with the rows that break it, at most 100 a rule; reads whole tables. */
  brokenInvariants(): readonly BrokenInvariant[];
}

interface Rule {
  readonly rule: string;
  /** Selects the rows that break it, as `subject` and `found`. */
  readonly sql: string;
}

/** Rows reported of one rule, at most. */
const subjectsMax = 100;

const rules: readonly Rule[] = [
  {
    rule: 'a task has at most one open run',
    sql: `SELECT task_id AS subject, count(*) || ' open runs' AS found
      FROM runs WHERE outcome IS NULL GROUP BY task_id HAVING count(*) > 1`,
  },
  {
    rule: 'a running task points to an open run of its own',
    sql: `SELECT tasks.task_id AS subject, 'run ' || ifnull(current_run_id, 'none') AS found
      FROM tasks LEFT JOIN runs ON run_id = current_run_id
      WHERE status = 'running' AND (runs.task_id IS NOT tasks.task_id OR outcome IS NOT NULL)`,
  },
  {
    rule: 'an open run is the current run of its task',
    sql: `SELECT run_id AS subject, 'task ' || runs.task_id || ' is ' || ifnull(status, 'missing')
      AS found FROM runs LEFT JOIN tasks USING (task_id)
      WHERE outcome IS NULL AND current_run_id IS NOT run_id`,
  },
  {
    rule: 'stats are the counted tasks',
    sql: `SELECT assignee || ' ' || status AS subject, 'off by ' || sum(n) AS found FROM (
        SELECT assignee, status, tasks AS n FROM stats
        UNION ALL
        SELECT ifnull(assignee, ''), status, -count(*) FROM tasks GROUP BY assignee, status
      ) GROUP BY assignee, status HAVING sum(n) <> 0`,
  },
  {
    rule: 'open parents are the counted parents that are neither satisfied nor waived',
    sql: `SELECT task_id AS subject, open_parents || ' instead of ' || counted AS found FROM (
        SELECT child.task_id, child.open_parents, (
          SELECT count(*) FROM json_each(child.parents) AS named
          LEFT JOIN tasks AS parent ON parent.task_id = named.value
          WHERE parent.done_at_ms IS NULL
          AND named.value NOT IN (SELECT value FROM json_each(child.waived_parents))
        ) AS counted FROM tasks AS child
      ) WHERE open_parents <> counted`,
  },
  {
    rule: 'a task is waiting exactly while it is queued and has open parents',
    sql: `SELECT task_id AS subject, status || ' with ' || open_parents || ' open parents' AS found
      FROM tasks
      WHERE (status = 'waiting') <> (standing ->> 'status' = 'queued' AND open_parents > 0)`,
  },
  {
    rule: 'links are what tasks say about their parents',
    sql: `SELECT child_id AS subject, 'off by ' || sum(n) || ' to ' || parent_id AS found FROM (
        SELECT child_id, parent_id, 1 AS n FROM links
        UNION ALL
        SELECT task_id, named.value, -1 FROM tasks, json_each(tasks.parents) AS named
      ) GROUP BY child_id, parent_id HAVING sum(n) <> 0`,
  },
  {
    rule: 'children are the counted links',
    sql: `SELECT task_id AS subject, children_done || ' of ' || children_total AS found FROM tasks
      WHERE children_total <> (SELECT count(*) FROM links WHERE parent_id = task_id)
      OR children_done <> (
        SELECT count(*) FROM links JOIN tasks AS child ON child.task_id = child_id
        WHERE parent_id = tasks.task_id AND child.done_at_ms IS NOT NULL)`,
  },
  {
    rule: 'comment counts are the counted comments',
    sql: `SELECT task_id AS subject, comment_count || ' comments' AS found FROM tasks
      WHERE comment_count <> (
        SELECT count(*) FROM comments WHERE comments.task_id = tasks.task_id)`,
  },
];

/** Prepares the question about invariants. */
export function prepareInvariantQueries(db: Database.Database): InvariantQueries {
  const selects = rules.map(({ rule, sql }) => ({
    rule,
    select: whenAsked(() =>
      db.prepare<[], Omit<BrokenInvariant, 'rule'>>(`${sql} LIMIT ${subjectsMax}`),
    ),
  }));
  return {
    brokenInvariants: () =>
      selects.flatMap(({ rule, select }) =>
        select()
          .all()
          .map((row) => ({ rule, ...row })),
      ),
  };
}
