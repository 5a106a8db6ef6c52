/** The board as it was at the moment that `--at` names. */
import type { Board } from '../app/board.ts';
import type { PastMoment } from './past-moment.ts';
import { Refused } from './problem.ts';
import { withProgress } from './progress.ts';
import { clockTime, relativeTime } from './time.ts';
import type { Context } from './verb.ts';

/** The board at a moment; people are told which one they look at. Throws `Refused`. */
export async function boardThen(
  present: Board,
  moment: PastMoment,
  context: Context,
): Promise<Board> {
  const { io, talk, isJson } = context;
  const nowMs = present.nowMs();
  const past = await withProgress(context, (tell) =>
    present.at(moment.from(nowMs), (progress) => tell('looking back', progress)),
  );
  if (past.refused) throw new Refused(past);
  if (!isJson && past.past !== undefined) {
    const { position, atMs } = past.past;
    const when = `${clockTime(atMs, nowMs)} (${relativeTime(atMs, nowMs)})`;
    io.stderr.write(`${talk.paint('dim', `as of position ${position}, ${when}`)}\n`);
  }
  return past;
}
