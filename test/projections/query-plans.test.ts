/** Questions that are asked all the time find their rows by index, however many there are. */
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createTables } from '../../projections/fold.ts';
import { prepareQueries, type Queries } from '../../projections/queries.ts';
import type { SuspectBounds } from '../../projections/troubles/queries.ts';
import { findingKinds } from '../../src/domain/diagnostics/diagnose.ts';
import { runId, taskId } from '../kit/a-task.ts';

const questions: Readonly<Record<string, (queries: Queries) => unknown>> = {
  'one task': (ask) => ask.task(taskId, 0),
  'the queue': (ask) => ask.ready(0, { limit: 50 }),
  'the queue of assignees': (ask) => ask.ready(0, { limit: 50, assignees: ['painter', null] }),
  'the next due time': (ask) => ask.nextDueAtMs(0),
  'the tasks of a status': (ask) => ask.tasks({ status: ['blocked', 'ready'] }, {}, 0),
  'the tasks of an assignee': (ask) => ask.tasks({ assignee: 'painter' }, {}, 0),
  'tasks by id': (ask) => ask.tasks({ ids: [taskId] }, {}, 0),
  parents: (ask) => ask.parents(taskId, 0),
  children: (ask) => ask.children(taskId, 0),
  'one run': (ask) => ask.run(runId),
  'the runs of a task': (ask) => ask.runs(taskId),
  'open runs': (ask) => ask.openRuns({ host: 'quay' }),
  'how many runs are open': (ask) => ask.openRunCount(),
  'how many runs of an assignee are open': (ask) => ask.openRunCount({ assignee: 'painter' }),
  'open runs by assignee': (ask) => ask.runningCounts(),
  'what an assignee did lately': (ask) => ask.recentRunsOfAssignee('painter', 5),
  'what came of what an assignee did lately': (ask) => ask.recentResultsOfAssignee('painter', 5),
  'how an assignee failed lately': (ask) => ask.codedEndings('painter'),
  'the comments on a task': (ask) => ask.comments(taskId),
  'one comment': (ask) => ask.commentAt(7),
  'the story of a task': (ask) => ask.timeline({ taskId, limit: 20 }),
  'the end of the story of a task': (ask) => ask.timeline({ taskId, newestFirst: true, limit: 20 }),
  'the story of a run': (ask) => ask.timeline({ runId, limit: 20 }),
  'the story from a position on': (ask) => ask.timeline({ afterPosition: 7, limit: 20 }),
  'what mattered': (ask) => ask.timeline({ minImportance: 3, afterPosition: 7, limit: 20 }),
  'the figures': (ask) => ask.stats(0),
  'the assignees': (ask) => ask.assignees(0),
  'what was refused to a run': (ask) => ask.refused({ runId }),
  'the last word about a task': (ask) => ask.lastCommentAtMs(taskId),
  'the last attempts at a task': (ask) => ask.lastAttempts(taskId, 20),
  'the last claim of an assignee': (ask) => ask.lastClaimAtMs('painter'),
  'the dispatchers at work': (ask) => ask.servingDispatchers(),
  'the hosts at work': (ask) => ask.servingHosts(),
  'what is remembered of a task': (ask) => ask.trouble(taskId),
  'what was left half done': (ask) => ask.looseEnds(),
};

const bounds: SuspectBounds = {
  ...{ nowMs: 0, readySinceMs: 0, quietSinceMs: 0, unsettledSinceMs: 0 },
  ...{ cyclesAfterMs: 0, refusedAfterMs: 0, failures: 2, crashes: 2, refusals: 3 },
  lostAssignees: ['painter'],
  skilled: [{ assignee: 'painter', skills: [] }],
  limit: 100,
};

test.each(Object.entries(questions))('%s', (_name, question) => {
  const plan = planOf(question);
  expect(plan.length).toBeGreaterThan(0);
  const tables = /^SCAN (tasks|runs|links|comments|timeline|refused)\b(?! USING (COVERING )?INDEX)/;
  expect(plan.filter((step) => tables.test(step))).toEqual([]);
});

test('the queue is read in its order, and due tasks without those that are not', () => {
  const plan = planOf((ask) => ask.ready(0, { limit: 50 }));
  expect(plan).toContain('SEARCH tasks USING COVERING INDEX tasks_by_status_priority (status=?)');
  expect(plan).toContain('SEARCH tasks USING COVERING INDEX tasks_by_due_time (not_before_ms<?)');
  const due = planOf((ask) => ask.nextDueAtMs(0));
  expect(due).toEqual(['SEARCH tasks USING COVERING INDEX tasks_by_due_time (not_before_ms>?)']);
});

test.each(Object.entries(questions))('%s: planned once for every limit', (_name, question) => {
  const limits = askedBy(question).asked.flatMap(
    (sql) => sql.match(/LIMIT [^\s)]+( \+ 0)?/g) ?? [],
  );
  expect(limits.filter((limit) => !limit.endsWith(' + 0'))).toEqual([]);
});

/** Indexes that hold only tasks that are in trouble. */
const ofTrouble =
  /INDEX (tasks_(failing|asking|given_up)|troubles_(stopped|crashing|cycling|phantoms))/;
/** What was found already, and lists that were given. */
const inHand = /^SCAN (\(subquery-\d+\)|parent$|\w+ (EXISTS )?VIRTUAL TABLE)/;

test.each(findingKinds)('whoever looks for %s begins with what is wrong', (kind) => {
  const plan = planOf((ask) => ask.suspects(kind, bounds));
  expect(plan.filter((step) => step.includes('AUTOMATIC'))).toEqual([]);
  const walks = plan.filter((step) => step.startsWith('SCAN') && !inHand.test(step));
  expect(walks.filter((step) => !ofTrouble.test(step))).toEqual([]);
});

test('a lost assignee is found by name, and a waiting task by its parent', () => {
  const lost = planOf((ask) => ask.suspects('assignee_not_found', bounds));
  expect(lost).toContainEqual(
    expect.stringMatching(/^SEARCH tasks .* \(assignee=\? AND status=\?\)/),
  );
  const waiting = planOf((ask) => ask.suspects('parent_never_done', bounds));
  expect(waiting).toContainEqual(expect.stringMatching(/^SEARCH links .* \(parent_id=\?\)/));
  expect(waiting).toContainEqual(expect.stringMatching(/^SEARCH child .* \(task_id=\?\)/));
});

/** The steps by which SQLite answers everything that a question asks it. */
function planOf(question: (queries: Queries) => unknown): readonly string[] {
  const { db, asked } = askedBy(question);
  return asked.flatMap((sql) => {
    const steps = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
    return steps.map(({ detail }) => detail);
  });
}

/** The statements that a question makes of itself, with the values bound to them. */
function askedBy(question: (queries: Queries) => unknown) {
  const statements: string[] = [];
  const verbose = (sql?: unknown) => statements.push(String(sql));
  const db = new Database(':memory:', { verbose });
  createTables(db, 'epoch-1');
  const queries = prepareQueries(db);
  statements.length = 0;
  question(queries);
  return { db, asked: [...statements] };
}
