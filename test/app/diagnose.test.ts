/** Diagnoses from the tables: nobody is overlooked, and facts around a task are the right ones. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTables } from '../../projections/fold.ts';
import { openTables } from '../../projections/tables.ts';
import { diagnoseTasks } from '../../src/app/diagnose.ts';
import type { TaskFinding } from '../../src/domain/diagnostics/diagnose.ts';
import { thresholds } from '../../src/domain/diagnostics/subject.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { nearest } from '../../src/nearest.ts';
import { type Line, lineAtMs, onDispatcher, onTask } from '../kit/a-history.ts';
import { created, taskId } from '../kit/a-task.ts';
import { aRunningTask, aTask, type Harbour, openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher } from '../kit/callers.ts';
import { questionsAbout } from '../kit/projection-given.ts';
import { chosenSeed } from '../kit/seed.ts';
import { anyHistory } from '../projections/any-history.ts';

const workers = { painter: { skills: ['brush'] }, rigger: {} };
const known = { policy: defaultPolicy, workers, nearest };

/** What is wrong on a board now; asking about each of its tasks tells the same. */
async function found({ board }: Harbour): Promise<readonly TaskFinding[]> {
  const queries = await board.read();
  const request = { ...known, nowMs: board.nowMs() };
  const taskIds = queries.tasks({}, {}, request.nowMs).map((task) => task.taskId);
  const { findings } = diagnoseTasks(queries, request);
  expect(diagnoseTasks(queries, { ...request, taskIds }).findings).toEqual(findings);
  return findings;
}

function kindsOf(findings: readonly TaskFinding[]): readonly string[] {
  return findings.map(({ kind }) => kind);
}

test('whoever asks about a board hears of all that asking about each task would tell', {
  timeout: 120_000,
}, async () => {
  const kinds = new Set<string>();
  const later = fc.constantFrom(0, 2 * 60_000, thresholds.readyMs, thresholds.quietMs + 1);
  const property = fc.asyncProperty(anyHistory(), later, async (history, laterMs) => {
    const events = await history();
    const db = new Database(':memory:');
    createTables(db, 'epoch-1');
    const tables = openTables(db);
    const at = (position: number) => ({ position, epoch: 'epoch-1', hash: `hash-${position}` });
    tables.apply({ from: at(0), events, to: at(events.length) });
    const nowMs = (events.at(-1)?.meta.at ?? 0) + laterMs;
    const policy = { ...defaultPolicy, failureLimit: 1 };
    const request = { ...known, policy, workers: { painter: {} }, nowMs };
    const taskIds = tables.queries.tasks({ includeArchived: true }, {}, nowMs);
    const each = { ...request, taskIds: taskIds.map((task) => task.taskId) };
    const sorted = (findings: readonly TaskFinding[]) =>
      findings.map(({ kind, taskId: id }) => `${kind} ${id}`).sort();
    const { findings } = diagnoseTasks(tables.queries, request);
    for (const { kind } of findings) kinds.add(kind);
    expect(sorted(findings)).toEqual(sorted(diagnoseTasks(tables.queries, each).findings));
  });
  await fc.assert(property, { ...chosenSeed, numRuns: 100 });
  // Which ones is chance; that there is plenty to compare is not.
  expect(kinds.size).toBeGreaterThanOrEqual(4);
});

describe('a claim', () => {
  test('of a worker that never came is stale a minute after its launch lease', async () => {
    const harbour = openHarbour();
    const id = await aTask(harbour);
    await accepted(harbour.board.as(dispatcher).claim(id, { kind: 'worker' }));
    harbour.clock.stepWall(defaultPolicy.launchLeaseMs + thresholds.settleMs - 1);
    expect(await found(harbour)).toEqual([]);
    harbour.clock.stepWall(1);
    expect(kindsOf(await found(harbour))).toEqual(['stale_running_claim']);
  });

  test('is not stale while its worker beats, or its lease is extended', async () => {
    const harbour = openHarbour();
    const { taskId: id, runId } = await aRunningTask(harbour);
    const fleet = harbour.board.as(dispatcher);
    const leaseMs = defaultPolicy.claimTtlMs + thresholds.settleMs;
    harbour.clock.stepWall(leaseMs - 1);
    await accepted(fleet.heartbeat(runId));
    harbour.clock.stepWall(leaseMs - 1);
    expect(await found(harbour)).toEqual([]);
    const seen = { ttlMs: defaultPolicy.claimTtlMs, reason: 'it lives', evidence: {} };
    await accepted(fleet.extendLease(id, { runId, ...seen }));
    harbour.clock.stepWall(leaseMs - 1);
    expect(await found(harbour)).toEqual([]);
    harbour.clock.stepWall(1);
    expect(kindsOf(await found(harbour))).toEqual(['stale_running_claim']);
  });
});

describe('an assignee', () => {
  const started = onDispatcher({
    type: 'DispatcherStarted',
    data: {
      ...{ policy: defaultPolicy, host: 'quay', bootId: 'boot-1', pid: 7 },
      ...{ programVersion: '1.0.0', assignees: ['caulker'] },
    },
  });
  const stopped = onDispatcher({ type: 'DispatcherStopped', data: { reason: 'asked to' } });
  const task = onTask(created({ assignee: 'caulker' }));
  const nowMs = lineAtMs(10);
  const kinds = (...lines: readonly Line[]) =>
    kindsOf(diagnoseTasks(questionsAbout(...lines), { ...known, nowMs }).findings);

  test('is known as long as a dispatcher serves it', () => {
    expect(kinds(task)).toEqual(['assignee_not_found']);
    expect(kinds(task, started)).toEqual([]);
    expect(kinds(task, started, stopped)).toEqual(['assignee_not_found']);
    const killed = { ...known, nowMs, probeDispatcher: () => 'dead' as const };
    const { findings } = diagnoseTasks(questionsAbout(task, started), killed);
    expect(kindsOf(findings)).toEqual(['assignee_not_found']);
  });

  test('by default stands for whoever is not assigned', () => {
    const asking = onTask(created({ skills: ['welding'] }));
    const report = (defaultAssignee: string | null) =>
      diagnoseTasks(questionsAbout(asking), {
        ...known,
        nowMs,
        policy: { ...defaultPolicy, defaultAssignee },
      }).findings;
    expect(report(null)).toEqual([]);
    expect(report('painter')).toMatchObject([{ kind: 'invalid_task_skills', taskId }]);
    expect(report('sailmaker')).toMatchObject([{ kind: 'assignee_not_found', taskId }]);
  });
});

test('a task that was made after somebody named it is no phantom', () => {
  const next = 'T-0000000009';
  const done = onTask({ type: 'TaskCompleted', data: { summary: `see ${next}` } });
  const named = [onTask(created()), done];
  const made = onTask(created({ assignee: 'rigger' }), next);
  const kinds = (...lines: readonly Line[]) =>
    kindsOf(diagnoseTasks(questionsAbout(...lines), { ...known, nowMs: lineAtMs(9) }).findings);
  expect(kinds(...named)).toEqual(['phantom_task_reference']);
  expect(kinds(...named, made)).toEqual([]);
});

test('a parent that was given up is none for a task that was told not to wait for it', async () => {
  const harbour = openHarbour();
  const people = harbour.board.as(ada);
  const [one, other] = [await aTask(harbour), await aTask(harbour)];
  const child = await aTask(harbour, { parents: [one] });
  await accepted(people.archive(one));
  expect(kindsOf(await found(harbour))).toEqual(['parent_never_done']);
  await accepted(people.promote(child, { forced: true }));
  await accepted(people.link(other, child));
  expect(await found(harbour)).toEqual([]);
});
