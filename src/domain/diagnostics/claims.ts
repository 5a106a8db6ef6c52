/** Rules about the right to a task: claims that outlived their run, writers that lost theirs. */
import { actions, several, type Trouble } from './finding.ts';
import { type Subject, type Surroundings, thresholds } from './subject.ts';

/** Running, though its run is over or unknown, or its lease is, and no dispatcher settles it. */
export function staleRunningClaim(
  { taskId, task, holder }: Subject,
  { nowMs }: Surroundings,
): Trouble | undefined {
  const { standing } = task;
  if (standing.status !== 'running') return undefined;
  const { runId, claimedBy, host, claimedAtMs } = standing.claim;
  const [state, sinceMs] =
    holder === null
      ? (['was never opened', claimedAtMs] as const)
      : holder.endedAtMs === null
        ? (['is silent beyond its lease', holder.leaseUntilMs] as const)
        : (['is over', holder.endedAtMs] as const);
  const overdueMs = nowMs - sinceMs;
  if (overdueMs < thresholds.settleMs) return undefined;
  return {
    severity: 'error',
    title: `held by a run that ${state}`,
    detail: `${claimedBy} claimed it. A dispatcher settles such a claim in seconds; none did.`,
    evidence: {
      runId,
      claimedBy,
      host,
      claimedAtMs,
      endedAtMs: holder?.endedAtMs ?? null,
      leaseUntilAtMs: holder?.leaseUntilMs ?? null,
      overdueMs,
    },
    firstSeenAtMs: sinceMs,
    lastSeenAtMs: sinceMs,
    count: 1,
    actions: actions(
      [`logboard edit ${taskId} --clear-claim`, 'end the claim: the task is queued again'],
      [`logboard reclaim ${taskId} its lease is over`, 'end the run, with your name on it'],
      ['logboard dispatch', 'let a dispatcher judge it, once'],
      ['logboard doctor', 'see whether its process lives on this machine'],
    ),
  };
}

/** Runs that are over go on writing: their workers do not know, or do not stop. */
export function refusedWrites(
  { taskId, status, refusals }: Subject,
  { nowMs }: Surroundings,
): Trouble | undefined {
  const lately = refusals.filter(({ lastAtMs }) => lastAtMs > nowMs - thresholds.refusalsWithinMs);
  const count = lately.reduce((sum, tally) => sum + tally.count, 0);
  const [latest] = lately.toSorted((one, other) => other.lastAtMs - one.lastAtMs);
  if (status === 'tombstoned' || latest === undefined || count < thresholds.refusals) {
    return undefined;
  }
  const isHammering = lately.some(({ isAtLeast }) => isAtLeast);
  return {
    severity: isHammering ? 'error' : 'warning',
    title: `${isHammering ? 'more than ' : ''}${several(count, 'stale write')} refused`,
    detail: `${latest.runId} was told that it is over, and a worker goes on writing to it.`,
    evidence: { runs: lately.map((tally) => ({ ...tally })) },
    firstSeenAtMs: Math.min(...lately.map(({ firstAtMs }) => firstAtMs)),
    lastSeenAtMs: latest.lastAtMs,
    count,
    actions: actions(
      [`logboard timeline ${taskId}`, 'read who was refused, and what it tried'],
      [`logboard log ${latest.runId}`, 'read what that worker prints'],
    ),
  };
}
