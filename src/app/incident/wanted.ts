/** Which part of a board an incident is: around tasks and runs, or from one moment to another. */
import type { Refusal } from '../../domain/refusal.ts';
import { cutLog } from '../../log/cut.ts';
import type { Board } from '../board-face.ts';
import { noSuchRun, noSuchTask } from '../plans.ts';
import { type RangeWanted, rangeOf } from '../position-at.ts';
import { tasksTouched } from './choose.ts';
import type { SaveRequest } from './save.ts';

/** What is wished for: one or the other. */
export type IncidentWish =
  | { readonly taskIds: readonly string[]; readonly runIds: readonly string[] }
  | { readonly range: RangeWanted };

/** What was found of it. */
export interface Wanted {
  readonly refused?: never;
  /** The board as it was at the end of what is wanted; closed by whoever asked, if another. */
  readonly board: Board;
  readonly taskIds: readonly string[];
  readonly around: readonly string[];
  readonly window: { readonly first: number; readonly last: number } | null;
}

/**
 * A board of the past without the beats that were put back because they have been thinned out
 * since: a file holds what the log holds. `now` is the board as it is.
 */
export function asStored(
  now: Pick<Board, 'log'>,
  { past, log, read, nowMs }: Board,
): SaveRequest['board'] {
  return { log: past === undefined ? log : cutLog(now.log, past.position), read, nowMs };
}

/** Finds what is wished for; refused where there is no such thing. */
export function incidentWanted(board: Board, wish: IncidentWish): Promise<Wanted | Refusal> {
  return 'range' in wish ? within(board, wish.range) : aroundIds(board, wish);
}

async function aroundIds(
  board: Board,
  { taskIds, runIds }: Extract<IncidentWish, { taskIds: unknown }>,
): Promise<Wanted | Refusal> {
  const queries = await board.read();
  const found = new Set<string>();
  for (const taskId of taskIds) {
    if (queries.task(taskId, board.nowMs()) === undefined) return noSuchTask(taskId);
    found.add(taskId);
  }
  for (const runId of runIds) {
    const run = queries.run(runId);
    if (run === undefined) return noSuchRun(runId);
    found.add(run.opened.taskId);
  }
  return { board, taskIds: [...found], around: [...taskIds, ...runIds], window: null };
}

async function within(board: Board, points: RangeWanted): Promise<Wanted | Refusal> {
  const range = await rangeOf(board.log, points, board.nowMs());
  if (range.refused) return range;
  const { first, last } = range;
  const then = points.to === undefined ? board : await board.at(points.to);
  if (then.refused) return then;
  const seen = { log: then.log, queries: await then.read(), nowMs: then.nowMs() };
  const taskIds = await tasksTouched(seen, { first, last });
  return { board: then, taskIds, around: [], window: { first, last } };
}
