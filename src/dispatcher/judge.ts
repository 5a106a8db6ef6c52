/**
 * The rules for one open run: leave it alone, renew its lease, or end it, and on what evidence.
 *
 * | what is seen | what is done |
 * |---|---|
 * | its process has ended, by its exit | judged by its exit code, after time for a last word |
 * | it was of an earlier boot of this host | judged at once |
 * | its process has ended, by its pid | the same, but never within the crash grace of its spawn |
 * | it took longer than its limit | timed out |
 * | it ran long and showed no progress for long | stale |
 * | its lease is nearly over, or of unknown age, the process lives | the lease is renewed |
 * | its lease is over, the process stands still (SIGSTOP) | reclaimed: it cannot be working |
 * | its lease is over, nobody can say | wait |
 * | its lease is over, the worker is elsewhere | reclaimed |
 * | claimed by this process, which is about to spawn | the launch lease is renewed |
 * | claimed, but not spawned within the launch lease | reclaimed: it never started |
 */
import type { JsonObject } from '../domain/limits.ts';
import type { Policy } from '../domain/policy.ts';
import type { MarkRunStale, ReclaimRun, TimeOutRun } from '../domain/run/commands.ts';
import type { EndedWorker, OpenRunView, WorkerEnd } from './view.ts';

/** What to do about an open run. */
export type RunAction = ExtendLease | EndOpenRun | JudgeExit;

/** Say in the log that a worker without beats is alive. */
export interface ExtendLease {
  readonly do: 'extend_lease';
  readonly runId: string;
  readonly taskId: string;
  readonly leaseMs: number;
  readonly reason: string;
  readonly evidence: JsonObject;
}

/** End a run from outside, as it stood at version `judgedAt`. */
export interface EndOpenRun {
  readonly do: 'end_run';
  readonly runId: string;
  readonly taskId: string;
  readonly judgedAt: number;
  readonly end: ReclaimRun | TimeOutRun | MarkRunStale;
}

/** Find out what the end of the worker means, and end the run with it. */
export interface JudgeExit {
  readonly do: 'judge_exit';
  readonly runId: string;
  readonly taskId: string;
  readonly judgedAt: number;
  readonly end: WorkerEnd;
  readonly evidence: JsonObject;
}

/** Nothing to do yet, why, and when to look again. */
export interface Wait {
  readonly do: 'wait';
  /** Run or task id, or an assignee; empty when it is about all tasks. */
  readonly subject: string;
  readonly until: string;
  readonly forMs: number;
}

/** How long a dispatcher that stood still listens before it ends anybody for silence, in ms. */
export const settleMs = 1_000;

/** How long to wait before a process that does not tell its end is looked at again, in ms. */
export const lookAgainMs = 1_000;

/** How much longer than its own dispatcher any other one waits before it judges an exit, in ms. */
export const siblingPatienceMs = 1_000;

/** Its own dispatcher renews a lease when this share of it is gone. */
export const renewalShare = 3 / 4;

/** A launch lease is seen by its own dispatcher when a quarter of it has gone, and is short. */
const launchRenewalShare = 1 / 2;

/** Another one of its host steps in when this share is gone, before other hosts lose patience. */
export const siblingRenewalShare = 7 / 8;

/**
 * Judges one open run, by the terms of its claim where they are known. `isLate`: nobody is ended
 * for silence in this pass.
 */
export function judgeRun(
  run: OpenRunView,
  { policy: inForce, isLate }: { policy: Policy; isLate: boolean },
): RunAction | Wait {
  const policy = { ...inForce, ...run.terms };
  if (run.worker?.is === 'ended') return judgeEnded(run, run.worker, policy);
  const verdict = judgePresent(run, policy);
  return isLate && verdict.do === 'end_run'
    ? wait(run, 'it can be heard again', settleMs)
    : verdict;
}

function judgeEnded(run: OpenRunView, worker: EndedWorker, policy: Policy): JudgeExit | Wait {
  const isMissing = worker.knownBy === 'pid';
  const graceLeftMs = isMissing ? policy.crashGraceMs - run.ages.runMs : 0;
  // Who has shown life since was not gone then.
  const sinceMs = isMissing ? Math.min(worker.sinceMs, run.ages.quietMs) : worker.sinceMs;
  const drainLeftMs = patienceMs(run, worker, policy) - sinceMs;
  const leftMs = Math.max(graceLeftMs, drainLeftMs);
  if (leftMs > 0) {
    const until = graceLeftMs > 0 ? 'its crash grace is over' : 'its last word could have come';
    // A missing pid is worth a look every now and then: it may turn up, or leave a word.
    return wait(run, until, isMissing ? Math.min(leftMs, lookAgainMs) : leftMs);
  }
  const { runId, taskId, version: judgedAt } = run;
  const evidence = { ...exitSeen(run, worker), ...waited(run, worker, policy) };
  return { do: 'judge_exit', runId, taskId, judgedAt, end: worker.end, evidence };
}

function exitSeen({ claimedBy, lastSignAtMs, ages }: OpenRunView, worker: EndedWorker) {
  const { knownBy, sinceMs, evidence } = worker;
  return { ...evidence, knownBy, sinceMs, claimedBy, lastSignAtMs, ages: { ...ages } };
}

/** What was waited for, so that the log tells by which patience its worker was judged. */
function waited(run: OpenRunView, worker: EndedWorker, policy: Policy): JsonObject {
  const drainMs = patienceMs(run, worker, policy);
  return worker.knownBy === 'pid' ? { drainMs, crashGraceMs: policy.crashGraceMs } : { drainMs };
}

/** A completion in flight wins; but where there can be none, nothing is waited for. */
function patienceMs(run: OpenRunView, worker: EndedWorker, policy: Policy): number {
  if (worker.end === 'never_started' || worker.knownBy === 'boot') return 0;
  const drainMs = worker.isAnswer ? 0 : policy.drainMs;
  return run.isMine ? drainMs : drainMs + siblingPatienceMs;
}

/** What a rule says about a run; undefined when it does not apply. */
type Rule = (run: OpenRunView, policy: Policy) => RunAction | Wait | undefined;

/** The first rule that acts decides; if none does, the shortest wait. */
function judgePresent(run: OpenRunView, policy: Policy): RunAction | Wait {
  let soonest = wait(run, 'it is looked at again', longestMs);
  for (const rule of rules) {
    const verdict = rule(run, policy);
    if (verdict === undefined) continue;
    if (verdict.do !== 'wait') return verdict;
    if (verdict.forMs < soonest.forMs) soonest = verdict;
  }
  return soonest;
}

/** Another host's dispatchers judge its workers; here they only can be seen to have gone silent. */
const rules: readonly Rule[] = [
  (run) => (run.place === 'other_host' ? undefined : judgeRuntime(run)),
  (run, policy) => (run.place === 'other_host' ? undefined : judgeProgress(run, policy)),
  (run) => judgeLease(run),
  (run) => awaitExit(run),
];

/** A run that no rule applies to is still looked at now and then, in ms. */
const longestMs = 3_600_000;

function judgeRuntime(run: OpenRunView): EndOpenRun | Wait | undefined {
  const { maxRuntimeMs: limitMs } = run;
  const { runMs: elapsedMs } = run.ages;
  if (limitMs === 0 || isLaunching(run)) return undefined;
  if (elapsedMs < limitMs) return wait(run, 'its time is up', limitMs - elapsedMs);
  const evidence = { ...evidenceOf(run), limitFrom: run.maxRuntimeFrom };
  return endRun(run, { type: 'TimeOutRun', limitMs, elapsedMs, evidence });
}

function judgeProgress(run: OpenRunView, policy: Policy): EndOpenRun | Wait | undefined {
  const { runMs, quietMs: silentMs } = run.ages;
  if (policy.staleAfterMs === 0 || isLaunching(run)) return undefined;
  const leftMs = Math.max(policy.maxSilentMs - runMs, policy.staleAfterMs - silentMs);
  if (leftMs > 0) return wait(run, 'it has been without progress for too long', leftMs);
  const { maxSilentMs, staleAfterMs } = policy;
  const evidence = { ...evidenceOf(run), maxSilentMs, staleAfterMs };
  return endRun(run, { type: 'MarkRunStale', silentMs, evidence });
}

function judgeLease(run: OpenRunView): RunAction | Wait {
  if (isLaunching(run)) return judgeLaunch(run);
  const isAlive = run.worker?.is === 'alive';
  const leftMs = isAlive ? renewalInMs(run) : run.leaseMs - run.ages.leaseMs;
  if (leftMs > 0) return wait(run, isAlive ? 'its lease is renewed' : 'its lease is over', leftMs);
  if (isAlive) return extendLease(run);
  if (run.worker?.is === 'unknown') return wait(run, 'its process can be seen', lookAgainMs);
  return reclaim(run, run.worker === undefined ? reasons[run.place] : reasons.stopped);
}

/** Another host may have counted all along: who has just begun to count renews at once. */
function renewalInMs({ isMine, isAgeKnown, leaseMs, ages }: OpenRunView): number {
  const share = isMine ? renewalShare : siblingRenewalShare;
  return isAgeKnown ? leaseMs * share - ages.leaseMs : 0;
}

/** Nobody tells the end of another's child: it has to be looked for. */
function awaitExit(run: OpenRunView): Wait | undefined {
  const isTold = run.isMine || run.worker === undefined;
  return isTold ? undefined : wait(run, 'its exit can be seen', lookAgainMs);
}

/** Preparing a workspace may take minutes; whoever does it tells the others that it goes on. */
function judgeLaunch(run: OpenRunView): ExtendLease | EndOpenRun | Wait {
  if (run.isBeingLaunched) {
    const renewInMs = run.launchLeaseMs * launchRenewalShare - run.ages.leaseMs;
    const isDue = renewInMs <= 0;
    return isDue ? extendLease(run, reasons.preparing) : wait(run, 'it is launched', renewInMs);
  }
  const leftMs = run.launchLeaseMs - run.ages.leaseMs;
  return leftMs > 0 ? wait(run, 'its launch lease is over', leftMs) : reclaim(run, reasons.launch);
}

/** Claimed by a dispatcher, and no worker was recorded yet. */
function isLaunching(run: OpenRunView): boolean {
  return run.place !== 'outside' && !run.isSpawned;
}

const reasons = {
  launch: 'it never started: no worker was spawned within its launch lease',
  preparing: 'its worker is about to be started',
  stopped: 'its lease is over and its worker is stopped',
  here: 'its lease is over and its worker cannot be seen',
  other_host: 'its lease is over and its host has not renewed it',
  outside: 'its lease is over',
} as const;

function reclaim(run: OpenRunView, reason: string): EndOpenRun {
  return endRun(run, { type: 'ReclaimRun', reason, evidence: evidenceOf(run) });
}

function endRun(run: OpenRunView, end: EndOpenRun['end']): EndOpenRun {
  const { runId, taskId, version: judgedAt } = run;
  return { do: 'end_run', runId, taskId, judgedAt, end };
}

function extendLease(run: OpenRunView, reason = 'its worker is alive'): ExtendLease {
  const { runId, taskId, leaseMs } = run;
  const evidence = evidenceOf(run);
  return { do: 'extend_lease', runId, taskId, leaseMs, reason, evidence };
}

/** The facts a judgement rests on, as they stand in the event that records it. */
function evidenceOf(run: OpenRunView): JsonObject {
  const { place, claimedBy, leaseMs, launchLeaseMs, lastSignAtMs, worker } = run;
  const lease = isLaunching(run) ? launchLeaseMs : leaseMs;
  const facts = { place, claimedBy, leaseMs: lease, lastSignAtMs, ages: { ...run.ages } };
  return worker === undefined ? facts : { ...facts, worker: { is: worker.is, ...worker.evidence } };
}

function wait(run: OpenRunView, until: string, forMs: number): Wait {
  return { do: 'wait', subject: run.runId, until, forMs };
}
