/**
 * An operator's word on a task: done, or blocked. A zero-length run keeps what was handed over; it
 * follows from the task's event, so that none says what its task has not heard.
 */
import { streamId } from '../domain/catalogue.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { TaskCommand } from '../domain/task/commands.ts';
import type { BlockCause, HandOff } from '../domain/task/events.ts';
import type { Loader } from './load.ts';
import type { Plan, PlannedWrite, Stored } from './plan.ts';
import { decideOn, readParents } from './plans.ts';
import { isWord, recordRun } from './record-run.ts';
import type { Session } from './session.ts';
import { type TaskAnswer, taskPlan } from './task-plan.ts';
import { taskWrites } from './task-writes.ts';

/** Declares a task done. With no run open, a zero-length run keeps the hand-off. */
export function completeTask(
  session: Session,
  taskId: string,
  handOff: HandOff,
): Promise<TaskAnswer | Refusal> {
  const reason = `completed by ${session.caller.actor.id}`;
  return settle(session, { taskId, reason }, (facts) => ({
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
  return settle(session, { taskId, reason }, (facts) => ({
    type: 'BlockTask',
    ...why,
    recordRunId: facts.recordRunId,
  }));
}

interface Verdict {
  readonly taskId: string;
  /** What a run is told that loses its task by it. */
  readonly reason: string;
}
interface VerdictFacts {
  readonly openParents: readonly string[];
  readonly recordRunId: string;
}

function settle(
  session: Session,
  { taskId, reason }: Verdict,
  command: (facts: VerdictFacts) => TaskCommand,
): Promise<TaskAnswer | Refusal> {
  const { caller } = session;
  const recordRunId = session.ids.runId();
  return session.execute<TaskAnswer>(caller, async ({ nowMs, loader }) => {
    const loaded = await loader.task(taskId);
    const parents = await readParents(loader, loaded.state ?? { parents: [], waivedParents: [] });
    const facts = { openParents: parents.open, recordRunId };
    const decision = decideOn(taskId, loaded, command(facts));
    if (decision.refused) return decision;
    const { events } = decision;
    const writes = await taskWrites(loader, loaded, { taskId, events, caller, nowMs, reason });
    const attempt = (loaded.state?.attempts ?? 0) + 1;
    const record = recordRun(events.find(isWord), { taskId, claimedBy: caller.actor.id, attempt });
    if (record === undefined) return taskPlan(taskId, loaded, writes);
    const plan = taskPlan(taskId, loaded, [...writes, record]);
    const version = loaded.version + events.length;
    return { ...plan, rest: ({ loader: later }) => keepRecord(later, record, { taskId, version }) };
  });
}

/** The word stands: all that is left is its record, unless somebody was faster with that. */
async function keepRecord(
  loader: Loader,
  record: PlannedWrite,
  said: Pick<TaskAnswer, 'taskId' | 'version'>,
): Promise<Plan<TaskAnswer>> {
  const run = await loader.run(streamId(record.stream));
  const writes = run.state === undefined ? [record] : [];
  const answer = ({ position = run.position }: Stored): TaskAnswer => ({
    refused: false,
    ...said,
    position,
    changed: true,
  });
  return { refused: false, writes, answer };
}
