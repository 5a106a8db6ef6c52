/** One task with everything the rules look at, read from the tables. */
import type { Queries, RunRow, TaskRow } from '../../projections/index.ts';
import type {
  Attempt,
  Holder,
  OpenParent,
  RefusalTally,
  Subject,
} from '../domain/diagnostics/subject.ts';
import { openParents } from '../domain/readiness.ts';
import { lastSignAtMs } from '../domain/run/state.ts';
import type { Lanes } from './diagnostic-lanes.ts';

/** Attempts that are looked at. */
const attemptsMax = 20;

/** Reads tasks for the rules; undefined where there is no such task. */
export function createSubjects(
  queries: Queries,
  lanes: Lanes,
  nowMs: number,
): (taskId: string) => Subject | undefined {
  return (taskId) => {
    const task = queries.task(taskId, nowMs);
    if (task === undefined) return undefined;
    const trouble = queries.trouble(taskId);
    const phantoms = trouble?.phantoms ?? [];
    return {
      taskId,
      task,
      status: task.status,
      becameReadyAtMs: task.status === 'ready' ? task.becameReadyAtMs : null,
      stoppedAtMs: trouble?.stoppedAtMs ?? null,
      releasedAtMs: trouble?.releasedAtMs ?? [],
      lastCommentAtMs: queries.lastCommentAtMs(taskId) ?? null,
      attempts: queries.lastAttempts(taskId, attemptsMax).flatMap(attemptOf),
      holder: holderOf(queries, task),
      refusals: refusalsOf(queries, taskId),
      openParents: openParentsOf(queries, task, nowMs),
      // One of them may have been made since.
      phantoms: phantoms.filter((id) => queries.task(id, nowMs) === undefined),
      lane: lanes.of(task.assignee),
    };
  };
}

function attemptOf({ runId, outcome, endedAtMs }: RunRow): readonly Attempt[] {
  return outcome === null || endedAtMs === null ? [] : [{ runId, outcome, endedAtMs }];
}

function holderOf(queries: Queries, { currentRunId }: TaskRow): Holder | null {
  const run = currentRunId === null ? undefined : queries.run(currentRunId);
  return run === undefined ? null : { endedAtMs: run.endedAtMs, leaseUntilMs: leaseUntilMs(run) };
}

/** A worker that has not been spawned yet has the launch lease, whatever the lease of its run. */
function leaseUntilMs(run: RunRow): number {
  const { kind, launchLeaseMs } = run.opened;
  if (kind === 'worker' && run.process === null && launchLeaseMs !== undefined) {
    return run.openedAtMs + launchLeaseMs;
  }
  return Math.max(lastSignAtMs(run), run.leaseExtendedAtMs ?? 0) + run.leaseTtlMs;
}

function refusalsOf(queries: Queries, taskId: string): readonly RefusalTally[] {
  const tallies = new Map<string, RefusalTally>();
  for (const { runId, countedFrom, atMs } of queries.refused({ taskId })) {
    const { count = 0, isAtLeast = false, firstAtMs = atMs } = tallies.get(runId) ?? {};
    const isSummary = countedFrom !== null;
    tallies.set(runId, {
      runId,
      count: count + (isSummary ? 0 : 1),
      isAtLeast: isAtLeast || isSummary,
      firstAtMs,
      lastAtMs: atMs,
    });
  }
  return [...tallies.values()];
}

function openParentsOf(queries: Queries, task: TaskRow, nowMs: number): readonly OpenParent[] {
  if (task.status !== 'waiting') return [];
  const parents = queries.parents(task.taskId, nowMs);
  const open = openParents(task, (id) => parents.find(({ taskId }) => taskId === id)?.standing);
  return parents
    .filter(({ taskId }) => open.includes(taskId))
    .map(({ taskId, status }) => {
      return { taskId, status, stoppedAtMs: queries.trouble(taskId)?.stoppedAtMs ?? null };
    });
}
