/** Commands on runs: claim a task, live, and end; the run's end and its meaning are one append. */
import { streams } from '../domain/catalogue.ts';
import type { JsonObject } from '../domain/limits.ts';
import { type Policy, runPolicy } from '../domain/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { EndRun, RecordUsage, RunCommand } from '../domain/run/commands.ts';
import { decideRun } from '../domain/run/decide.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from '../domain/run/events.ts';
import { lastSignAtMs, type RunState } from '../domain/run/state.ts';
import { said } from '../domain/said.ts';
import type { BlockCause, HandOff, TaskEvent } from '../domain/task/events.ts';
import type { TaskState } from '../domain/task/state.ts';
import type { Position, Version } from '../log/event-log.ts';
import type { Caller, Execute, Plan, PlannedWrite, Stored } from './execute.ts';
import type { Loaded, Loader } from './load.ts';
import { decideOn, noSuchRun, noSuchTask, readParents, withFacts, writeAt } from './plans.ts';
import type { RecordRefusal } from './refused.ts';

/** How a task is claimed, and for whom. */
export interface ClaimRequest {
  /** Name of whoever will work: a dispatcher, a program, a person. Default: the caller. */
  readonly claimedBy?: string;
  /** Lease in ms; default: the policy's `claimTtlMs`. */
  readonly ttlMs?: number;
  /** `worker` when a dispatcher will start it, `external` (default) otherwise. */
  readonly kind?: 'worker' | 'external';
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

/** The answer to every other command on a run. */
export interface RunAnswer {
  readonly refused: false;
  readonly taskId: string;
  readonly runId: string;
  readonly version: Version;
  readonly position: Position;
  readonly leaseUntilMs: number;
  /** False when nothing had to be stored: a repeat, or a beat without news. */
  readonly changed: boolean;
}

/** Proof that the caller is the run's worker. */
export interface Proof {
  readonly tokenHash?: string | undefined;
}

export type RunCommands = ReturnType<typeof createRunCommands>;

/** The commands on runs, in the name of one caller. */
export function createRunCommands(deps: {
  execute: Execute;
  loader: Loader;
  caller: Caller;
  policy: () => Policy;
  ids: { runId(): string };
  recordRefusal: RecordRefusal;
}) {
  const { execute, loader, caller, policy, ids, recordRefusal } = deps;

  /** Claims a task: exclusive, only when ready, with the parents pinned as they were read. */
  function claim(taskId: string, request: ClaimRequest = {}): Promise<ClaimAnswer | Refusal> {
    const runId = request.runId ?? ids.runId();
    return execute<ClaimAnswer>(caller, async (nowMs) => {
      const loaded = await loader.task(taskId);
      if (loaded.state === undefined) return noSuchTask(taskId);
      const parents = await readParents(loader, loaded.state);
      const terms = claimTerms(request);
      const decision = decideOn(taskId, loaded, {
        type: 'ClaimTask',
        runId,
        ...terms,
        policy: runPolicy(policy()),
        openParents: parents.open,
        nowMs,
      });
      if (decision.refused) return decision;
      const attempt = loaded.state.attempts + 1;
      const opened = openRun({ taskId, runId, attempt, assignee: loaded.state.assignee }, request);
      const writes = [writeAt(loaded, decision.events), opened, ...parents.guards];
      const answer = (stored: Stored): ClaimAnswer => ({
        refused: false,
        taskId,
        runId,
        attempt,
        version: stored.versions[1] ?? 0,
        leaseUntilMs: nowMs + terms.ttlMs,
        position: stored.position ?? loaded.position,
      });
      return { refused: false, writes, correlationId: runId, answer };
    });
  }

  function claimTerms(request: ClaimRequest) {
    return {
      claimedBy: request.claimedBy ?? caller.actor.id,
      ttlMs: request.ttlMs ?? policy().claimTtlMs,
      host: request.host,
    };
  }

  function openRun(
    run: { taskId: string; runId: string; attempt: number; assignee: string | null },
    request: ClaimRequest,
  ): PlannedWrite {
    const kind = request.kind ?? 'external';
    const data = said({
      taskId: run.taskId,
      attempt: run.attempt,
      kind,
      assignee: run.assignee ?? undefined,
      ...claimTerms(request),
      launchLeaseMs: kind === 'worker' ? policy().launchLeaseMs : undefined,
      tokenHash: request.tokenHash,
    });
    const events = [{ type: 'RunOpened' as const, data }];
    return { stream: streams.run(run.runId), expected: 'no_stream', events };
  }

  /** Appends what a command on a run decides; a stale write is refused and the refusal kept. */
  async function command(
    runId: string,
    decide: (nowMs: number) => RunCommand,
    also: { judgedAt?: Version | undefined; assignee?: string | null } = {},
  ): Promise<RunAnswer | Refusal> {
    const { judgedAt } = also;
    const answer = await execute<RunAnswer>(caller, async (nowMs) => {
      const loaded = await loader.run(runId);
      if (loaded.state === undefined) return noSuchRun(runId);
      const { taskId } = loaded.state.opened;
      if (judgedAt !== undefined && loaded.version !== judgedAt) return moved(runId, taskId);
      const wanted = decide(nowMs);
      const decision = decideRun(loaded.state, wanted);
      if (decision.refused) return withFacts(decision, { runId, taskId });
      const write = writeAt(loaded, decision.events);
      const meaning = await consequences({ runId, taskId, nowMs, ...also }, decision.events);
      return planFor(runId, loaded, [write, ...meaning], nowMs);
    });
    if (answer.refused) await recordRefusal(caller, { runId, refusal: answer });
    return answer;
  }

  /** What the run's end means for its task, drawn in the same append. */
  async function consequences(
    run: { runId: string; taskId: string; nowMs: number; assignee?: string | null },
    events: readonly RunEvent[],
  ): Promise<readonly PlannedWrite[]> {
    const { runId, taskId, nowMs } = run;
    const index = events.findIndex(isTerminal);
    if (index === -1) return [];
    const ending = events[index] as TerminalEvent;
    const loaded = await loader.task(taskId);
    const conclude = { type: 'ConcludeRun' as const, runId, ending, policy: policy(), nowMs };
    const decision = decideOn(taskId, loaded, conclude);
    if (decision.refused || decision.events.length === 0) return [];
    const assigned = run.assignee === undefined ? [] : [assignment(loaded.state, run.assignee)];
    const meaning = [...decision.events, ...assigned.flat()];
    return [{ ...writeAt(loaded, meaning), follows: { stream: streams.run(runId), index } }];
  }

  function heartbeat(
    runId: string,
    beat: Proof & {
      note?: string | undefined;
      progress?: number | undefined;
      coalesced?: number;
    } = {},
  ): Promise<RunAnswer | Refusal> {
    const { coalesced = 0, ...said } = beat;
    return command(runId, (nowMs) => ({ type: 'RecordHeartbeat', ...said, coalesced, nowMs }));
  }

  function extendLease(
    taskId: string,
    extension: { runId: string; ttlMs: number; reason: string; evidence: JsonObject },
  ): Promise<{ refused: false; position: Position } | Refusal> {
    return execute(caller, async () => {
      const loaded = await loader.task(taskId);
      const decision = decideOn(taskId, loaded, { type: 'ExtendLease', ...extension });
      if (decision.refused) return decision;
      const answer = (stored: Stored) => ({
        refused: false as const,
        position: stored.position ?? loaded.position,
      });
      const writes = [writeAt(loaded, decision.events)];
      return { refused: false, writes, correlationId: extension.runId, answer };
    });
  }

  /** An operator takes the task from its run; it returns to the queue, for another assignee if named. */
  async function reclaim(
    taskId: string,
    reason: string,
    also: { assignee?: string | null } = {},
  ): Promise<RunAnswer | Refusal> {
    const loaded = await loader.task(taskId);
    if (loaded.state === undefined) return noSuchTask(taskId);
    if (loaded.state.standing.status !== 'running') {
      return refuse('not_running', `Cannot reclaim ${taskId}: no run holds it.`, {
        hint: 'See where it stands with `logboard show`.',
        facts: { taskId, status: loaded.state.standing.status },
      });
    }
    const { runId } = loaded.state.standing.claim;
    const evidence = { by: caller.actor.id, surface: caller.surface };
    return command(runId, () => ({ type: 'ReclaimRun', reason, evidence }), also);
  }

  return {
    claim,
    heartbeat,
    extendLease,
    reclaim,
    usage: (runId: string, usage: RecordUsage['usage'], proof: Proof = {}) =>
      command(runId, () => ({ type: 'RecordUsage', usage, ...proof })),
    completeRun: (runId: string, handOff: HandOff, how: Proof & { review?: boolean } = {}) => {
      const { review = false, tokenHash } = how;
      return command(runId, () => ({ type: 'CompleteRun', handOff, review, tokenHash }));
    },
    blockRun: (runId: string, why: { cause: BlockCause; reason: string }, proof: Proof = {}) =>
      command(runId, () => ({ type: 'BlockRun', ...why, ...proof })),
    releaseRun: (runId: string, reason?: string, proof: Proof = {}) =>
      command(runId, () => ({ type: 'ReleaseRun', reason, ...proof })),
    /** Records the process of a worker, and that it may start, just before it is let go. */
    recordSpawn: (runId: string, spawned: Extract<RunCommand, { type: 'RecordSpawn' }>['data']) =>
      command(runId, () => ({ type: 'RecordSpawn', data: spawned })),
    startWorker: (runId: string, guard: 'launcher' | 'worker', proof: Proof = {}) =>
      command(runId, () => ({ type: 'StartWorker', guard, ...proof })),
    /**
     * Ends a run from outside, judged on the run as it stood at version `judgedAt`: when it has
     * moved since, its worker has shown life, and the answer is `run_moved`.
     */
    endRun: (runId: string, end: EndRun, judgedAt?: Version) =>
      command(runId, () => end, { judgedAt }),
  };
}

function assignment(task: TaskState, assignee: string | null): readonly TaskEvent[] {
  return task?.assignee === assignee ? [] : [{ type: 'TaskAssigned', data: { assignee } }];
}

function moved(runId: string, taskId: string): Refusal {
  return refuse('run_moved', `${runId} has shown life since it was judged.`, {
    hint: 'Look at it again before ending it.',
    facts: { runId, taskId },
  });
}

function planFor(
  runId: string,
  loaded: Loaded<RunState>,
  writes: readonly PlannedWrite[],
  nowMs: number,
): Plan<RunAnswer> {
  if (loaded.state === undefined) throw new Error('planned a write to a run that does not exist');
  const { taskId, ttlMs } = loaded.state.opened;
  const signAtMs = lastSignAtMs(loaded.state);
  const answer = (stored: Stored): RunAnswer => ({
    refused: false,
    taskId,
    runId,
    version: stored.versions[0] ?? loaded.version,
    position: stored.position ?? loaded.position,
    leaseUntilMs: (stored.position === undefined ? signAtMs : nowMs) + ttlMs,
    changed: stored.position !== undefined,
  });
  return { refused: false, writes, correlationId: runId, answer };
}
