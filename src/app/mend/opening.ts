/** A claim whose run was never opened: whoever claimed is taken for gone, and the run is ended. */
import type { JsonObject } from '../../domain/limits.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { TerminalEvent } from '../../domain/run/events.ts';
import { isHeldBy } from '../../domain/task/decide/attempts.ts';
import { conclusion } from '../conclusion.ts';
import { writeAt } from '../plans.ts';
import type { Session } from '../session.ts';
import { stillborn } from '../stillborn.ts';
import { type Mended, mending } from './mended.ts';

/** Why it is closed, and who gets the task next, if that is to change. */
export interface WhyClosed {
  readonly reason: string;
  readonly evidence: JsonObject;
  readonly assignee?: string | null;
}

/** Ends the run that a claim has named, in the name of the caller. */
export function closeClaim(
  { execute, caller, policy }: Session,
  { taskId, runId }: { readonly taskId: string; readonly runId: string },
  { assignee, ...why }: WhyClosed,
): Promise<Mended | Refusal> {
  return execute<Mended>(caller, async ({ nowMs, loader }) => {
    const [task, run] = [await loader.task(taskId), await loader.run(runId)];
    const isClaimed = task.state !== undefined && isHeldBy(task.state, runId);
    if (!isClaimed || run.state !== undefined) return mending([], run.position);
    const end = { type: 'ReclaimRun' as const, ...why };
    const events = stillborn(taskId, task.state, { end, meta: { actor: caller.actor, at: nowMs } });
    const index = events.length - 1;
    const meaning = conclusion(task, {
      taskId,
      conclude: {
        type: 'ConcludeRun',
        runId,
        ending: events[index] as TerminalEvent,
        endedBy: caller.actor.kind,
        policy: policy(),
        nowMs,
      },
      assignee,
      follows: { stream: run.stream, index },
    });
    const writes = [writeAt(run, events), ...(meaning === undefined ? [] : [meaning])];
    return { ...mending(writes, run.position), correlationId: runId };
  });
}
