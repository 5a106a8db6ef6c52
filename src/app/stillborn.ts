/**
 * A run that was claimed and never opened: whoever claimed it died in between, or is not there yet.
 * On a log that is not atomic both can be seen. It is opened and ended in one append to its own
 * stream, so that nobody opens it later, and then it is a run like any other that is over.
 */
import type { FoldMeta } from '../domain/event.ts';
import type { EndRun, OpenRun } from '../domain/run/commands.ts';
import { decideRun } from '../domain/run/decide.ts';
import type { RunEvent } from '../domain/run/events.ts';
import { evolveRun } from '../domain/run/state.ts';
import { said } from '../domain/said.ts';
import type { HeldTask } from '../domain/task/decide/attempts.ts';

/** Its two events; `meta` is of whoever ends it. */
export function stillborn(
  taskId: string,
  task: HeldTask,
  { end, meta }: { readonly end: EndRun; readonly meta: FoldMeta },
): readonly RunEvent[] {
  const opened = decideRun(undefined, { type: 'OpenRun', data: openedBy(taskId, task) });
  if (opened.refused) throw new Error(`a new run was refused as ${opened.code}`);
  const [opening] = opened.events;
  if (opening === undefined) throw new Error('a new run without an event');
  const ended = decideRun(evolveRun(undefined, opening, meta), end);
  if (ended.refused) throw new Error(`the end of a new run was refused as ${ended.code}`);
  return [opening, ...ended.events];
}

/** The run as its claim tells it. */
function openedBy(taskId: string, { assignee, standing }: HeldTask): OpenRun['data'] {
  const { attempt, claimedBy, host, ttlMs } = standing.claim;
  return said({
    taskId,
    attempt,
    kind: host === null ? ('external' as const) : ('worker' as const),
    assignee: assignee ?? undefined,
    claimedBy,
    host: host ?? undefined,
    ttlMs,
  });
}
