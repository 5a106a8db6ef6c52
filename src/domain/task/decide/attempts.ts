/** Decisions about attempts: who may start one, and what its end means for the task. */
import { failureLimit, holdDelayMs, interruptionLimit, retryDelayMs } from '../../policy.ts';
import { accept, type Decision, refuse } from '../../refusal.ts';
import { describeEnding } from '../../run/describe.ts';
import { terminalOutcomes } from '../../run/events.ts';
import { said } from '../../said.ts';
import { type Budget, budgetOf } from '../budget.ts';
import type { ClaimTask, ConcludeRun, ExtendLease } from '../commands.ts';
import { failureOutcomes, type HandOff, type TaskEvent } from '../events.ts';
import type { Standing, Task } from '../state.ts';
import { claimFacts, isOfAnother, ofAnother, parentsOpen, wrongStatus } from './refusals.ts';

/** A claim is exclusive, and only a ready task can be claimed. */
export function claimTask(task: Task, command: ClaimTask): Decision<TaskEvent> {
  if (task.standing.status === 'running') {
    return refuse('already_claimed', 'Cannot claim: a run holds the task already.', {
      hint: 'Claim another task, or take this one over with `logboard reclaim`.',
      facts: claimFacts(task),
    });
  }
  if (task.standing.status !== 'queued') return notReady(task);
  if (command.openParents.length > 0) return parentsOpen(command.openParents, 'claim');
  if (task.notBeforeMs !== null && task.notBeforeMs > command.nowMs) return held(task);
  if (isOfAnother(task, command.assignee)) return ofAnother(task, command.assignee, 'claim');
  const { runId, claimedBy, host, ttlMs, policy } = command;
  const attempt = task.attempts + 1;
  const data = said({ runId, attempt, claimedBy, host, ttlMs, policy });
  return accept({ type: 'TaskClaimed', data });
}

function notReady(task: Task): Decision<TaskEvent> {
  const refusal = wrongStatus(task, 'claim');
  return { ...refusal, code: 'not_ready' };
}

function held(task: Task): Decision<TaskEvent> {
  const notBeforeMs = task.notBeforeMs ?? 0;
  const because = {
    schedule: 'scheduled',
    backoff: 'backing off',
    rate_limit: 'rate limited',
    outage: 'held by an outage',
  };
  const why = because[task.hold ?? 'schedule'];
  return refuse('held_until', `Cannot claim: the task is ${why} until a later time.`, {
    hint: 'Wait, or start it now with `logboard promote`.',
    facts: { notBeforeMs, hold: task.hold ?? 'schedule' },
  });
}

/** Only the run that holds the task can have its lease extended. */
export function extendLease(task: Task, command: ExtendLease): Decision<TaskEvent> {
  if (!isHeldBy(task, command.runId)) return notCurrentRun(task, command.runId);
  const { runId, ttlMs, reason, evidence } = command;
  return accept({ type: 'LeaseExtended', data: { runId, ttlMs, reason, evidence } });
}

/** A task that a run holds. */
export type HeldTask = Task & { readonly standing: Extract<Standing, { status: 'running' }> };

/** Whether this run is the one that holds the task. */
export function isHeldBy(task: Task, runId: string): task is HeldTask {
  return task.standing.status === 'running' && task.standing.claim.runId === runId;
}

function notCurrentRun(task: Task, runId: string): Decision<TaskEvent> {
  return refuse('not_current_run', `${runId} does not hold the task.`, {
    hint: 'Another run holds it, or none does; see `logboard runs`.',
    facts: { runId, status: task.standing.status, ...claimFacts(task) },
  });
}

/** What a run's end means for its task. Deterministic, so that anybody may finish it. */
export function concludeRun(task: Task, command: ConcludeRun): Decision<TaskEvent> {
  const { runId, ending } = command;
  // Somebody else drew the conclusion already, or an operator moved the task: nothing is left.
  if (!isHeldBy(task, runId)) return accept();
  if (ending.type === 'RunCompleted') return accept(completion(runId, ending.data));
  if (ending.type === 'RunBlocked') {
    const { cause, reason } = ending.data;
    return accept({ type: 'TaskBlocked', data: { runId, cause, reason } });
  }
  return accept(withoutSuccess(task, command));
}

function completion(runId: string, data: HandOff & { review: boolean }): TaskEvent {
  const { summary, result, metadata, artifacts } = data;
  const handOff = said({ runId, summary, result, metadata, artifacts });
  return data.review
    ? { type: 'ReviewRequested', data: handOff }
    : { type: 'TaskCompleted', data: handOff };
}

/** Back to the queue, after a wait; or halted, when what it counts as has reached its limit. */
function withoutSuccess(task: HeldTask, command: ConcludeRun): TaskEvent {
  const { runId, ending, endedBy, excuse } = command;
  const outcome = terminalOutcomes[ending.type];
  const isFailure = failureOutcomes.has(outcome) && excuse === undefined;
  const failures = task.failures + (isFailure ? 1 : 0);
  const base = { runId, outcome, failures };
  const lastError = describeEnding(ending);
  const budget = budgetOf(task.failures, base, endedBy);
  if (budget === undefined) return { type: 'TaskRequeued', data: { ...base, error: lastError } };
  const count = spentOf(budget, task) + 1;
  // By the rules of the claim, which the log knows: whoever concludes may have others by now.
  const { limit, limitFrom } = limitOf(budget, task);
  if (count >= limit) {
    return { type: 'TaskHalted', data: { ...base, limit, limitFrom, lastError } };
  }
  const wait =
    budget === 'recoveries' ? waitAfterRecovery(command, count) : waitAfter(command, count);
  return { type: 'TaskRequeued', data: { ...base, ...wait, error: lastError } };
}

/** How often in a row a task has ended in a way that counts as this. */
export function spentOf(budget: Budget, { failures, interruptions }: Task): number {
  return budget === 'failures' ? failures : interruptions[budget];
}

/** The limit of what an ending counts as, by the claim's policy, and where it came from. */
export function limitOf(budget: Budget, { maxRetries, standing: { claim } }: HeldTask) {
  return budget === 'failures'
    ? failureLimit(maxRetries, claim.policy)
    : { limit: interruptionLimit(budget, claim.policy), limitFrom: 'policy' as const };
}

/**
 * Whoever was lost once comes back at once: a dispatcher or a host has died, and the task has done
 * nothing wrong. Only when that happens again it is made to wait, so that no loop is a hot one.
 */
function waitAfterRecovery(command: ConcludeRun, count: number) {
  return count === 1 ? {} : waitAfter(command, count - 1);
}

function waitAfter({ runId, ending, excuse, policy, nowMs }: ConcludeRun, count: number) {
  if (ending.type === 'RunRateLimited') {
    const delayMs = holdDelayMs({ holdMs: ending.data.holdMs, holds: count }, runId, policy);
    return { notBeforeMs: nowMs + delayMs, hold: 'rate_limit' as const };
  }
  const notBeforeMs = nowMs + retryDelayMs(count, runId, policy);
  if (excuse === undefined) return { notBeforeMs, hold: 'backoff' as const };
  return { notBeforeMs, hold: 'outage' as const, evidence: excuse };
}
