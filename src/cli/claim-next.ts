/** Takes the next ready task of an assignee from the command line, or waits until there is one. */

import { claimNext, type WantedClaim, waitForNext } from '../app/claim-next.ts';
import type { ClaimAnswer } from '../app/claim-task.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Position } from '../log/event-log.ts';
import { followLog } from './follow-log.ts';
import type { BoardContext } from './verb.ts';

/**
 * Claims the first task that can be had; `nothing_to_claim` when there is none. With `wait` (ms, or
 * true for as long as it takes) it waits for one to become ready; `stopped` when the program was
 * asked to stop meanwhile.
 */
export async function takeNext(
  on: BoardContext,
  wanted: WantedClaim,
  wait: number | true | undefined,
): Promise<ClaimAnswer | Refusal | 'stopped'> {
  const claiming = { board: on.board, commands: on.commands(), beingClaimed: new Set<string>() };
  if (wait === undefined) return claimNext(claiming, wanted);
  const stopped = on.io.untilStopped();
  const answer = await waitForNext(claiming, wanted, {
    timers: on.root.timers,
    waitMs: wait === true ? Number.POSITIVE_INFINITY : wait,
    signal: stopped,
    newsAfter: (position, signal) => newsAfter(on, position, signal),
  });
  const isIdle = answer.refused && answer.code === 'nothing_to_claim';
  return isIdle && stopped.aborted ? 'stopped' : answer;
}

/** Resolves when the log has grown beyond a position, or at the signal. */
async function newsAfter(on: BoardContext, position: Position, signal: AbortSignal): Promise<void> {
  for await (const page of followLog(on, position, signal)) {
    if (page.length > 0) return;
  }
}
