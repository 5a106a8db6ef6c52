/** `replay`: what happened on the board, shown again as it was. */
import type { Command } from 'commander';
import { noSuchTask } from '../../app/plans.ts';
import { rangeOf } from '../../app/position-at.ts';
import { openReel, type Reel } from '../../app/replay/reel.ts';
import { exitCodes } from '../../outcome.ts';
import { figure } from '../../wire/counted.ts';
import { withProgress } from '../progress.ts';
import { playInLines } from '../replay/in-lines.ts';
import { type Program, playOnScreen } from '../replay/on-screen.ts';
import {
  declareReplayOptions,
  paceOf,
  type ReplayOptions,
  tasksOf,
  untilOf,
} from '../replay/replay-options.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

/** Replays the board. */
export const verb: Verb<ReplayOptions> = {
  configure: (command: Command) => declareReplayOptions(command),
  run,
  takesAt: 'once',
  examples: [
    ['logboard replay', 'everything, ten times as fast; space pauses, q quits'],
    ['logboard replay --from 10:02 --to 10:15 --speed 1', 'a quarter of an hour as it was'],
    ['logboard replay --skip-idle --until reclaim,failure', 'to where something went wrong'],
    ['logboard replay --task T-0A1B2C3D4E --json', 'one task, a JSON document an event'],
  ],
};

async function run(context: Context, { options }: Input<ReplayOptions>): Promise<Result> {
  const until = untilOf(options);
  const taskIds = tasksOf(options);
  const on = await context.onBoard('read');
  const { log, projections } = on.board;
  const nowMs = on.board.nowMs();
  const points = { from: options.from?.from(nowMs), to: options.to?.from(nowMs) };
  const range = await rangeOf(log, points, nowMs);
  if (range.refused) return range;
  const unknown = await unknownTask(on, taskIds ?? []);
  if (unknown !== undefined) return noSuchTask(unknown);
  const { first, last, fromAtMs } = range;
  const which = taskIds === undefined ? {} : { taskIds };
  const reel = await withProgress(context, (tell) => {
    const onProgress = (progress: Parameters<typeof tell>[1]) => tell('folding', progress);
    return openReel({ log, projections, first, last, ...which, onProgress });
  });
  try {
    const pace = paceOf(options, isWatched(on));
    return await play(on, { reel, pace, until, startAtMs: fromAtMs, ...which });
  } finally {
    reel.close();
  }
}

/** A terminal that cannot move its cursor gets lines. */
function isWatched({ io, isJson }: BoardContext): boolean {
  return io.terminal !== undefined && !isJson && io.environment['TERM'] !== 'dumb';
}

async function play(on: BoardContext, program: Program & { readonly reel: Reel }): Promise<Result> {
  const { terminal } = on.io;
  if (terminal !== undefined && isWatched(on)) {
    const { wasInterrupted } = await playOnScreen(on, terminal, program);
    return wasInterrupted ? { exit: exitCodes.interrupted } : {};
  }
  const played = await playInLines(on, program);
  switch (played.end) {
    case 'quit':
      return { exit: exitCodes.interrupted };
    case 'turning_point':
      return note(on, `stopped at #${figure(played.frame.position)}: ${played.at}`);
    case 'over':
      return program.until.length === 0
        ? {}
        : note(on, `no ${program.until.join(' or ')} up to #${figure(program.reel.last)}`);
  }
}

function note({ talk }: BoardContext, text: string): Result {
  return { notes: [talk.paint('dim', text)] };
}

async function unknownTask(
  on: BoardContext,
  taskIds: readonly string[],
): Promise<string | undefined> {
  if (taskIds.length === 0) return undefined;
  const queries = await on.board.read();
  return taskIds.find((id) => queries.task(id, on.board.nowMs()) === undefined);
}
