/** Commands on runs: claim a task, live, and end. */
import type { JsonObject } from '../domain/limits.ts';
import type { Refusal } from '../domain/refusal.ts';
import type {
  EndRun,
  Excusable,
  RecordSpawn,
  RecordUsage,
  RunCommand,
  StartWorker,
} from '../domain/run/commands.ts';
import { isHeldBy } from '../domain/task/decide/attempts.ts';
import type { BlockCause, HandOff } from '../domain/task/events.ts';
import type { Position, Version } from '../log/event-log.ts';
import { type ClaimRequest, claimTask } from './claim-task.ts';
import type { Stored } from './plan.ts';
import { decideOn, writeAt } from './plans.ts';
import { reclaimTask } from './reclaim-task.ts';
import type { Session } from './session.ts';
import { type Proof, type RunAnswer, sendOutput, writeRun } from './write-run.ts';

/** What a process shows that says it is the worker of a run. */
export interface Shown extends Proof {
  /** The task it was told to work on; undefined when it names none. */
  readonly taskId: string | undefined;
}

/** A sign of life, and what is new with it. */
export interface Beat extends Proof {
  readonly note?: string | undefined;
  /** Share of the work done, 0 to 1. */
  readonly progress?: number | undefined;
  /** Beats the caller left out since its last one. */
  readonly coalesced?: number;
}

/** A dispatcher's word that a silent run goes on, and what it saw. */
export interface LeaseExtension {
  readonly runId: string;
  readonly ttlMs: number;
  readonly reason: string;
  readonly evidence: JsonObject;
}

export type RunCommands = ReturnType<typeof createRunCommands>;

/** The commands on runs, in the name of one caller. */
export function createRunCommands(session: Session) {
  const write = (runId: string, command: RunCommand) =>
    writeRun(session, { runId, decide: () => command });
  return {
    claim: (taskId: string, request: ClaimRequest = {}) => claimTask(session, taskId, request),
    heartbeat: (runId: string, { coalesced = 0, ...beat }: Beat = {}) =>
      writeRun(session, {
        runId,
        decide: ({ nowMs }) => ({ type: 'RecordHeartbeat', ...beat, coalesced, nowMs }),
      }),
    /** Whether the worker of a run may still do something besides it; a no is kept. */
    actBeside: (runId: string, proof: Proof = {}) => write(runId, { type: 'ActBeside', ...proof }),
    /** Whether output of a run's program is still taken; a no is kept. */
    sendOutput: (runId: string, proof: Proof = {}) => sendOutput(session, runId, proof),
    usage: (runId: string, usage: RecordUsage['usage'], proof: Proof = {}) =>
      write(runId, { type: 'RecordUsage', usage, ...proof }),
    completeRun: (
      runId: string,
      handOff: HandOff,
      { review = false, tokenHash }: Proof & { review?: boolean } = {},
    ) => write(runId, { type: 'CompleteRun', handOff, review, tokenHash }),
    blockRun: (runId: string, why: { cause: BlockCause; reason: string }, proof: Proof = {}) =>
      write(runId, { type: 'BlockRun', ...why, ...proof }),
    releaseRun: (runId: string, reason?: string, proof: Proof = {}) =>
      write(runId, { type: 'ReleaseRun', reason, ...proof }),
    /**
     * Records the process of a worker and that it may begin, just before it is let go. When the
     * startup guard says no, that is recorded instead.
     */
    recordSpawn: (runId: string, process: RecordSpawn['process'], shown: Shown) =>
      askGuard(session, runId, { type: 'RecordSpawn', process, ...shown }),
    /**
     * The startup guard: may the worker of this run begin, or go on? Recorded when it first says
     * yes, and every time it says no; may be asked as often as one likes.
     */
    startWorker: (runId: string, shown: Shown) =>
      askGuard(session, runId, { type: 'StartWorker', ...shown }),
    extendLease: (taskId: string, extension: LeaseExtension) =>
      extendLease(session, taskId, extension),
    /** A person takes the task from its open run; it goes back to the queue. */
    reclaim: (taskId: string, reason: string, also: { assignee?: string | null } = {}) =>
      reclaimTask(session, taskId, { reason, ...also }),
    /**
     * Ends a run from outside, judged on the run as it stood at version `judgedAt`: when it has
     * moved since, its worker has shown life, and the answer is `run_moved`. An outage excuses a
     * failure that is not the task's: its assignee fails alike everywhere.
     */
    endRun: (runId: string, end: EndRun, judgedAt?: Version, { excuse }: Excusable = {}) =>
      writeRun(session, { runId, decide: () => end, judgedAt, excuse }),
  };
}

/** What the guard has to know of the task is looked up the moment it is asked. */
function askGuard(
  session: Session,
  runId: string,
  command: Omit<RecordSpawn, 'isCurrent'> | Omit<StartWorker, 'isCurrent'>,
): Promise<RunAnswer | Refusal> {
  const { taskId } = command;
  return writeRun(session, {
    runId,
    async decide({ loader }) {
      const task = taskId === undefined ? undefined : (await loader.task(taskId)).state;
      return { ...command, isCurrent: task !== undefined && isHeldBy(task, runId) };
    },
  });
}

function extendLease(
  { execute, caller }: Session,
  taskId: string,
  extension: LeaseExtension,
): Promise<{ refused: false; position: Position } | Refusal> {
  return execute(caller, async ({ loader }) => {
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
