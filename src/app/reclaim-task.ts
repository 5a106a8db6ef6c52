/** A person takes a task from the run that holds it. */
import { type Refusal, refuse } from '../domain/refusal.ts';
import { peopleOnly } from '../domain/task/people.ts';
import { closeClaim, type WhyClosed } from './mend/opening.ts';
import { noSuchTask, withFacts } from './plans.ts';
import type { Session } from './session.ts';
import { type RunAnswer, writeRun } from './write-run.ts';

/** Takes a task from its open run, in the name of a person; it goes back to the queue. */
export async function reclaimTask(
  session: Session,
  taskId: string,
  { reason, ...also }: { reason: string; assignee?: string | null },
): Promise<RunAnswer | Refusal> {
  const { actor, surface } = session.caller;
  const objection = peopleOnly('take a task from its run', actor);
  if (objection !== undefined) return withFacts(objection, { taskId });
  const { state } = await session.memory.fresh().loader.task(taskId);
  if (state === undefined) return noSuchTask(taskId);
  const { standing } = state;
  if (standing.status !== 'running') {
    const refusal = refuse('not_running', `Cannot reclaim ${taskId}: no run holds it.`, {
      hint: 'See where it stands with `logboard show`.',
      facts: { taskId, status: standing.status },
    });
    // What is refused on the way through `execute` has its status in the words of people.
    return session.execute<RunAnswer>(session.caller, async () => refusal);
  }
  const { runId } = standing.claim;
  const why = { reason, evidence: { by: actor.id, surface } };
  const command = { type: 'ReclaimRun' as const, ...why };
  const answer = await writeRun(session, { runId, decide: () => command, ...also });
  const isUnopened = answer.refused && answer.code === 'no_such_run';
  return isUnopened ? reclaimUnopened(session, { taskId, runId }, { ...why, ...also }) : answer;
}

/** Whoever claimed it has not come to open its run: that run is over before it begins. */
async function reclaimUnopened(
  session: Session,
  { taskId, runId }: { readonly taskId: string; readonly runId: string },
  why: WhyClosed,
): Promise<RunAnswer | Refusal> {
  const closed = await closeClaim(session, { taskId, runId }, why);
  if (closed.refused) return closed;
  const { position, changed } = closed;
  const run = await session.memory.fresh().loader.run(runId);
  return {
    refused: false,
    taskId,
    runId,
    version: run.version,
    position,
    leaseUntilMs: 0,
    changed,
  };
}
