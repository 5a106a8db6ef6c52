/** Which part of a board is meant by what was typed after `incident`. */
import { incidentWanted, type Wanted, type IncidentWish as Wish } from '../app/incident/wanted.ts';
import type { Refusal } from '../domain/refusal.ts';
import { splitIds } from './ids.ts';
import type { PastMoment } from './past-moment.ts';
import { UsageError } from './usage-error.ts';
import type { BoardContext } from './verb.ts';

/** What is wished for. */
export interface IncidentWish {
  /** Task and run ids, as they were typed. */
  readonly around?: readonly string[];
  readonly from?: PastMoment;
  readonly to?: PastMoment;
}

/**
 * Does something with what is wished for, and closes the board of the past that it took. Refused
 * where there is no such thing. Throws `UsageError` unless exactly one kind of wish is there.
 */
export async function onWanted<T>(
  { board }: BoardContext,
  wish: IncidentWish,
  work: (wanted: Wanted) => Promise<T>,
): Promise<T | Refusal> {
  const wanted = await incidentWanted(board, wishOf(wish, board.nowMs()));
  if (wanted.refused) return wanted;
  try {
    return await work(wanted);
  } finally {
    if (wanted.board !== board) await wanted.board.close();
  }
}

function wishOf({ around = [], from, to }: IncidentWish, nowMs: number): Wish {
  const isWindow = from !== undefined || to !== undefined;
  if (isWindow === around.length > 0) {
    throw new UsageError(
      'An incident is around tasks or runs, or from one moment to another.',
      'Give --around with ids, or --from and --to.',
    );
  }
  if (isWindow) return { range: { from: from?.from(nowMs), to: to?.from(nowMs) } };
  const { taskIds, runIds, words } = splitIds(around);
  if (words === undefined) return { taskIds, runIds };
  throw new UsageError(`“${words}” is no id.`, 'Give task and run ids.');
}
