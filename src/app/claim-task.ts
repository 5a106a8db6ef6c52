/** Claiming a task: exclusive, only when ready, with the parents pinned as they were read. */
import { runPolicy } from '../domain/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { OpenRun } from '../domain/run/commands.ts';
import { decideRun } from '../domain/run/decide.ts';
import { said } from '../domain/said.ts';
import type { Task } from '../domain/task/state.ts';
import type { Position, Version } from '../log/event-log.ts';
import type { Stored } from './plan.ts';
import { decideOn, noSuchTask, readParents, withFacts, writeAt } from './plans.ts';
import type { Session } from './session.ts';

/** How a task is claimed, and for whom. */
export interface ClaimRequest {
  /** Name of whoever will work: a dispatcher, a program, a person. Default: the caller. */
  readonly claimedBy?: string;
  /** Lease in ms; default: the policy's `claimTtlMs`. */
  readonly ttlMs?: number;
  /** `worker` when a dispatcher will start it, `external` (default) otherwise. */
  readonly kind?: 'worker' | 'external';
  /** Refused where the task is not for this one (any more); null is nobody. Default: anybody. */
  readonly assignee?: string | null;
  readonly host?: string;
  /** SHA-256 (hex) of the run token; without one the run id alone is the fence. */
  readonly tokenHash?: string;
  readonly runId?: string;
}

/** The answer to a claim. */
export interface ClaimAnswer {
  readonly refused: false;
  readonly taskId: string;
  readonly runId: string;
  readonly attempt: number;
  /** Version of the run's stream: the fence. */
  readonly version: Version;
  /** Until when silence is no reason to worry, UTC ms. */
  readonly leaseUntilMs: number;
  readonly position: Position;
}

/** Claims a task for a new run. */
export function claimTask(
  session: Session,
  taskId: string,
  request: ClaimRequest,
): Promise<ClaimAnswer | Refusal> {
  const runId = request.runId ?? session.ids.runId();
  const { claimedBy, host, ttlMs } = claimTerms(session, request);
  return session.execute<ClaimAnswer>(session.caller, async ({ nowMs, loader }) => {
    const loaded = await loader.task(taskId);
    if (loaded.state === undefined) return noSuchTask(taskId);
    const parents = await readParents(loader, loaded.state);
    const decision = decideOn(taskId, loaded, {
      type: 'ClaimTask',
      runId,
      claimedBy,
      host,
      ttlMs,
      assignee: request.assignee,
      policy: runPolicy(session.policy()),
      openParents: parents.open,
      nowMs,
    });
    if (decision.refused) return decision;
    const attempt = loaded.state.attempts + 1;
    const run = await loader.newRun(runId);
    const data = openedRun(session, { taskId, attempt, task: loaded.state }, request);
    const opened = decideRun(run.state, { type: 'OpenRun', data });
    if (opened.refused) return withFacts(opened, { runId, taskId });
    // The claim first: a run that nobody's task knows of must not be.
    const writes = [
      writeAt(loaded, decision.events),
      writeAt(run, opened.events),
      ...parents.guards,
    ];
    const answer = (stored: Stored): ClaimAnswer => ({
      refused: false,
      taskId,
      runId,
      attempt,
      version: stored.versions[1] ?? 0,
      leaseUntilMs: nowMs + ttlMs,
      position: stored.position ?? loaded.position,
    });
    const rest = async () => endedAtBirth(taskId, runId);
    return { refused: false, writes, rest, correlationId: runId, answer };
  });
}

/** Somebody took the claim for abandoned and ended its run, before it could be opened here. */
function endedAtBirth(taskId: string, runId: string): Refusal {
  return refuse('stale_run', `${runId} was ended before it was opened.`, {
    hint: 'Claim the task again.',
    facts: { taskId, runId },
  });
}

function claimTerms({ caller, policy }: Session, request: ClaimRequest) {
  return {
    claimedBy: request.claimedBy ?? caller.actor.id,
    ttlMs: request.ttlMs ?? policy().claimTtlMs,
    host: request.host,
  };
}

function openedRun(
  session: Session,
  run: { taskId: string; attempt: number; task: Task },
  request: ClaimRequest,
): OpenRun['data'] {
  const kind = request.kind ?? 'external';
  const { claimedBy, ttlMs, host } = claimTerms(session, request);
  return said({
    taskId: run.taskId,
    attempt: run.attempt,
    kind,
    assignee: run.task.assignee ?? undefined,
    claimedBy,
    ttlMs,
    host,
    launchLeaseMs: kind === 'worker' ? session.policy().launchLeaseMs : undefined,
    tokenHash: request.tokenHash,
  });
}
