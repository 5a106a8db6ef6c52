/** Takes the next ready task of an assignee, or waits until there is one. */
import type { ClaimAnswer, ClaimRequest } from '../app/claim-task.ts';
import { type Refusal, type RefusalCode, refuse } from '../domain/refusal.ts';
import type { Position } from '../log/event-log.ts';
import { followLog } from './follow-log.ts';
import type { BoardContext } from './verb.ts';

/** What to take. */
export interface Wanted {
  /** Whose; null stands for tasks that name nobody. */
  readonly assignee: string | null;
  readonly request: ClaimRequest;
}

/** Refusals that only say that somebody else was faster. */
const lostRaces: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'already_claimed',
  'held_until',
  'not_ready',
  'parents_open',
]);

/** How much of the queue is tried before it is read again. */
const candidatesMax = 20;

/** The longest time until the queue is looked at again although there was no news, in ms. */
const lookAgainMsMax = 60_000;

/**
 * Claims the first task that can be had; `nothing_to_claim` when there is none. With `wait` (ms, or
 * true for as long as it takes) it waits for one to become ready; `stopped` when the program was
 * asked to stop meanwhile.
 */
export async function takeNext(
  on: BoardContext,
  wanted: Wanted,
  wait: number | true | undefined,
): Promise<ClaimAnswer | Refusal | 'stopped'> {
  if (wait === undefined) return claimNext(on, wanted);
  const stopped = on.io.untilStopped();
  const untilMs = wait === true ? Number.POSITIVE_INFINITY : on.board.nowMs() + wait;
  for (;;) {
    const { position } = await on.board.log.head();
    const answer = await claimNext(on, wanted);
    if (!answer.refused || answer.code !== 'nothing_to_claim') return answer;
    if (stopped.aborted) return 'stopped';
    const leftMs = untilMs - on.board.nowMs();
    if (leftMs <= 0) return answer;
    const lookAgain = AbortSignal.timeout(Math.min(leftMs, dueInMs(on)));
    await newsAfter(on, position, AbortSignal.any([stopped, lookAgain]));
  }
}

async function claimNext(
  on: BoardContext,
  { assignee, request }: Wanted,
): Promise<ClaimAnswer | Refusal> {
  const commands = on.commands();
  for (;;) {
    const queries = await on.board.read();
    const wanted = { limit: candidatesMax, assignees: [assignee] };
    const candidates = queries.ready(on.board.nowMs(), wanted);
    if (candidates.length === 0) return nothingToClaim(assignee);
    for (const { taskId } of candidates) {
      const answer = await commands.claim(taskId, request);
      if (!answer.refused || !lostRaces.has(answer.code)) return answer;
    }
  }
}

/** Resolves when the log has grown beyond a position, or at the signal. */
async function newsAfter(on: BoardContext, position: Position, signal: AbortSignal): Promise<void> {
  for await (const page of followLog(on, position, signal)) {
    if (page.length > 0) return;
  }
}

/** When to look at the queue although there is no news: a task may come due by the clock. */
function dueInMs({ board }: BoardContext): number {
  const dueAtMs = board.projections.queries.nextDueAtMs(board.nowMs());
  const leftMs = dueAtMs === undefined ? lookAgainMsMax : dueAtMs - board.nowMs();
  return Math.min(Math.max(1, leftMs), lookAgainMsMax);
}

function nothingToClaim(assignee: string | null): Refusal {
  return refuse('nothing_to_claim', `Nothing is ready for ${assignee ?? 'nobody in particular'}.`, {
    hint: 'Wait for it with --wait; see what there is with `logboard list`.',
    facts: { assignee },
  });
}
