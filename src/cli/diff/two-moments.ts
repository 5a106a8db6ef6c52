/** The board at two moments of its past, or at one and now. */
import type { Board } from '../../app/board.ts';
import type { Moment, Moments } from '../../app/diff/board-diff.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { PastMoment } from '../past-moment.ts';
import { Refused } from '../problem.ts';
import { withProgress } from '../progress.ts';
import type { BoardContext } from '../verb.ts';

/**
 * Does something with both, which can be asked only meanwhile. Throws `Refused` when one of them
 * is not there, the second is before the first, or nothing happened in between.
 */
export async function withTwoMoments<T>(
  on: BoardContext,
  [from, to]: readonly [PastMoment, PastMoment | undefined],
  use: (moments: Moments) => T,
): Promise<T> {
  const later = to === undefined ? on.board : await boardAt(on, to);
  try {
    const earlier = await boardAt(on, from);
    try {
      const moments = { before: await momentOf(earlier), after: await momentOf(later) };
      const objection = objectionTo(moments);
      if (objection !== undefined) throw new Refused(objection);
      return use(moments);
    } finally {
      await earlier.close();
    }
  } finally {
    if (later !== on.board) await later.close();
  }
}

async function boardAt(on: BoardContext, moment: PastMoment): Promise<Board> {
  const past = await withProgress(on, (tell) =>
    on.board.at(moment.from(on.board.nowMs()), (progress) => tell('looking back', progress)),
  );
  if (past.refused) throw new Refused(past);
  return past;
}

async function momentOf(board: Board): Promise<Moment> {
  const queries = await board.read();
  const { position } = board.past ?? board.projections.checkpoint();
  return { queries, position, atMs: board.nowMs() };
}

function objectionTo({ before, after }: Moments): Refusal | undefined {
  const facts = { first: before.position, last: after.position };
  if (before.position > after.position) {
    return refuse('range_swapped', 'The second moment is before the first.', {
      hint: 'Put the earlier moment first.',
      facts,
    });
  }
  if (before.position < after.position) return undefined;
  return refuse('range_empty', 'Nothing happened between these moments.', {
    hint: 'Choose moments further apart; `logboard timeline` shows when something happened.',
    facts,
  });
}
