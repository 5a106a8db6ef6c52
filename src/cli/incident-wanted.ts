/** Which part of a board an incident is: around tasks and runs, or from one moment to another. */
import type { Board } from '../app/board-face.ts';
import { tasksTouched } from '../app/incident/choose.ts';
import { noSuchRun, noSuchTask } from '../app/plans.ts';
import { rangeOf } from '../app/position-at.ts';
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

/** What was found of it. */
export interface Wanted {
  /** The board as it was at the end of what is wanted. */
  readonly board: Board;
  readonly taskIds: readonly string[];
  readonly around: readonly string[];
  readonly window: { readonly first: number; readonly last: number } | null;
}

/** Does something with what is wished for, and closes the board of the past that it took. */
export async function onWanted<T>(
  on: BoardContext,
  wish: IncidentWish,
  work: (wanted: Wanted) => Promise<T>,
): Promise<T | Refusal> {
  const wanted = await wantedOf(on, wish);
  if ('code' in wanted) return wanted;
  try {
    return await work(wanted);
  } finally {
    if (wanted.board !== on.board) await wanted.board.close();
  }
}

/**
 * Finds what is wished for; refused where there is no such thing. Throws `UsageError` unless
 * exactly one kind of wish is there.
 */
async function wantedOf(on: BoardContext, options: IncidentWish): Promise<Wanted | Refusal> {
  const { around = [], from, to } = options;
  const isWindow = from !== undefined || to !== undefined;
  if (isWindow === around.length > 0) {
    throw new UsageError(
      'An incident is around tasks or runs, or from one moment to another.',
      'Give --around with ids, or --from and --to.',
    );
  }
  return isWindow ? within(on, { from, to }) : aroundIds(on, around);
}

async function aroundIds(
  { board }: BoardContext,
  words: readonly string[],
): Promise<Wanted | Refusal> {
  const { taskIds, runIds, words: rest } = splitIds(words);
  if (rest !== undefined) throw new UsageError(`“${rest}” is no id.`, 'Give task and run ids.');
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

async function within(
  { board }: BoardContext,
  { from, to }: { readonly from: PastMoment | undefined; readonly to: PastMoment | undefined },
): Promise<Wanted | Refusal> {
  const nowMs = board.nowMs();
  const points = { from: from?.from(nowMs), to: to?.from(nowMs) };
  const range = await rangeOf(board.log, points, nowMs);
  if (range.refused) return range;
  const { first, last } = range;
  const then = to === undefined ? board : await board.at(points.to ?? { position: last });
  if (then.refused) return then;
  const seen = { log: then.log, queries: await then.read(), nowMs: then.nowMs() };
  const taskIds = await tasksTouched(seen, { first, last });
  return { board: then, taskIds, around: [], window: { first, last } };
}
