/** An operator's word on a task: done, or blocked. A zero-length run keeps what was handed over. */
import { streams } from '../domain/catalogue.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { TaskCommand } from '../domain/task/commands.ts';
import type { BlockCause, HandOff } from '../domain/task/events.ts';
import type { Loaded } from './load.ts';
import type { Caller, PlannedWrite } from './plan.ts';
import { decideOn, readParents, taskWrites } from './plans.ts';
import type { Session } from './session.ts';
import { type TaskAnswer, taskPlan } from './task-plan.ts';

/** Declares a task done. With no run open, a zero-length run keeps the hand-off. */
export function completeTask(
  session: Session,
  taskId: string,
  handOff: HandOff,
): Promise<TaskAnswer | Refusal> {
  const reason = `completed by ${session.caller.actor.id}`;
  return settle(session, { taskId, reason, handOff }, (facts) => ({
    type: 'CompleteTask',
    handOff,
    ...facts,
  }));
}

/** Stops a task until somebody unblocks it. */
export function blockTask(
  session: Session,
  taskId: string,
  why: { cause: BlockCause; reason: string },
): Promise<TaskAnswer | Refusal> {
  const reason = `blocked by ${session.caller.actor.id}`;
  return settle(session, { taskId, reason, block: why }, (facts) => ({
    type: 'BlockTask',
    ...why,
    recordRunId: facts.recordRunId,
  }));
}

interface Verdict {
  readonly taskId: string;
  readonly reason: string;
  readonly handOff?: HandOff;
  readonly block?: { cause: BlockCause; reason: string };
}
interface VerdictFacts {
  readonly openParents: readonly string[];
  readonly recordRunId: string;
}

function settle(
  session: Session,
  verdict: Verdict,
  command: (facts: VerdictFacts) => TaskCommand,
): Promise<TaskAnswer | Refusal> {
  const { caller } = session;
  const { taskId, reason } = verdict;
  const recordRunId = session.ids.runId();
  return session.execute<TaskAnswer>(caller, async ({ nowMs, loader }) => {
    const loaded = await loader.task(taskId);
    const parents = await readParents(loader, loaded.state ?? { parents: [], waivedParents: [] });
    const facts = { openParents: parents.open, recordRunId };
    const decision = decideOn(taskId, loaded, command(facts));
    if (decision.refused) return decision;
    const decided = { events: decision.events, caller, nowMs, reason };
    const writes = await taskWrites(loader, loaded, decided);
    const isRunning = loaded.state?.standing.status === 'running';
    const record = isRunning ? [] : [recordRun(caller, recordRunId, loaded, verdict)];
    return taskPlan(taskId, loaded, [...record, ...writes]);
  });
}

function recordRun(
  caller: Caller,
  runId: string,
  loaded: Loaded<{ attempts: number } | undefined>,
  verdict: Verdict,
): PlannedWrite {
  const { taskId } = verdict;
  const heartbeats = { count: 0, maxGapMs: 0 };
  const attempt = (loaded.state?.attempts ?? 0) + 1;
  const claimedBy = caller.actor.id;
  const ending =
    verdict.block === undefined
      ? { type: 'RunCompleted' as const, data: { heartbeats, ...verdict.handOff, review: false } }
      : { type: 'RunBlocked' as const, data: { heartbeats, ...verdict.block } };
  const opened = { taskId, attempt, kind: 'record' as const, claimedBy, ttlMs: 1 };
  return {
    stream: streams.run(runId),
    expected: 'no_stream',
    events: [{ type: 'RunOpened', data: opened }, ending],
  };
}
