/** Takes the next ready task of an assignee, or waits until there is one. */
import { type Refusal, type RefusalCode, refuse } from '../domain/refusal.ts';
import type { Position } from '../log/event-log.ts';
import type { Timers } from '../log/ports.ts';
import type { Board } from './board.ts';
import type { ClaimAnswer, ClaimRequest } from './claim-task.ts';
import type { Commands } from './commands.ts';

/** What to take. */
export interface WantedClaim {
  /** Whose; null stands for tasks that name nobody. */
  readonly assignee: string | null;
  readonly request: ClaimRequest;
}

/** What claiming works with. */
export interface Claiming {
  readonly board: Pick<Board, 'log' | 'projections' | 'read' | 'nowMs'>;
  readonly commands: Pick<Commands, 'claim'>;
  /**
   * Tasks that others of this process are claiming at this moment: the next one does not compete
   * for them, but looks further down the queue.
   */
  readonly beingClaimed: Set<string>;
}

/** How long to wait, and what for. */
export interface ClaimPatience {
  readonly timers: Timers;
  /** Infinity: for as long as it takes. */
  readonly waitMs: number;
  /** Ends the waiting early. */
  readonly signal: AbortSignal;
  /** Resolves when the log has news beyond a position, or at the signal. */
  newsAfter(position: Position, signal: AbortSignal): Promise<void>;
}

/** Refusals that only say that somebody else was faster. */
const lostRaces: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'already_claimed',
  'held_until',
  'not_ready',
  'parents_open',
  'stale_run',
]);

/** How much of the queue is read at first, and at most, besides what is being claimed. */
const candidates = { first: 4, max: 64 };

/** The longest time until the queue is looked at again although there was no news, in ms. */
const lookAgainMsMax = 60_000;

/**
 * Claims the first task that can be had; `nothing_to_claim` when there is none, and while the board
 * is paused: whoever asks for any task starts what a dispatcher would have started.
 */
export async function claimNext(
  { board, commands, beingClaimed }: Claiming,
  { assignee, request }: WantedClaim,
): Promise<ClaimAnswer | Refusal> {
  for (let reach = candidates.first; ; reach = Math.min(2 * reach, candidates.max)) {
    const queries = await board.read();
    if (queries.board()?.isPaused === true) return nothingWhilePaused(assignee);
    const limit = reach + beingClaimed.size;
    const ready = queries.ready(board.nowMs(), { limit, assignees: [assignee] });
    const free = ready.filter(({ taskId }) => !beingClaimed.has(taskId));
    if (free.length === 0) return nothingToClaim(assignee);
    for (const { taskId } of free) {
      if (beingClaimed.has(taskId)) continue;
      beingClaimed.add(taskId);
      const claim = commands.claim(taskId, { ...request, assignee });
      const answer = await claim.finally(() => beingClaimed.delete(taskId));
      if (!answer.refused || !lostRaces.has(answer.code)) return answer;
    }
  }
}

/** The same, but waits for one to become ready; `nothing_to_claim` when the patience is over. */
export async function waitForNext(
  claiming: Claiming,
  wanted: WantedClaim,
  { timers, waitMs, signal, newsAfter }: ClaimPatience,
): Promise<ClaimAnswer | Refusal> {
  const { board } = claiming;
  const tooLong = new AbortController();
  const isEndless = waitMs === Number.POSITIVE_INFINITY;
  const cancel = isEndless ? () => {} : timers.after(waitMs, () => tooLong.abort());
  const over = AbortSignal.any([signal, tooLong.signal]);
  try {
    for (;;) {
      const { position } = await board.log.head();
      const lookedAtMs = board.nowMs();
      const answer = await claimNext(claiming, wanted);
      if (!answer.refused || answer.code !== 'nothing_to_claim' || over.aborted) return answer;
      const due = new AbortController();
      const cancelDue = timers.after(dueInMs(board, lookedAtMs), () => due.abort());
      await newsAfter(position, AbortSignal.any([over, due.signal])).finally(cancelDue);
    }
  } finally {
    cancel();
  }
}

/**
 * When to look at the queue although there is no news: a task may come due by the clock, and may
 * have done so while the queue was being looked at.
 */
function dueInMs({ projections, nowMs }: Claiming['board'], lookedAtMs: number): number {
  const dueAtMs = projections.queries.nextDueAtMs(lookedAtMs);
  const leftMs = dueAtMs === undefined ? lookAgainMsMax : dueAtMs - nowMs();
  return Math.min(Math.max(1, leftMs), lookAgainMsMax);
}

function nothingWhilePaused(assignee: string | null): Refusal {
  return refuse('nothing_to_claim', 'The board is paused: nobody is given the next task.', {
    hint: 'Wait with --wait until `logboard resume`; or name the one task that cannot wait.',
    facts: { assignee, paused: true },
  });
}

function nothingToClaim(assignee: string | null): Refusal {
  return refuse('nothing_to_claim', `Nothing is ready for ${assignee ?? 'nobody in particular'}.`, {
    hint: 'Wait for it with --wait; see what there is with `logboard list`.',
    facts: { assignee },
  });
}
