/** `diff`: the board at two moments, or two attempts, side by side. */
import type { Command } from 'commander';
import { diffBoards } from '../../app/diff/board-diff.ts';
import { diffRuns } from '../../app/diff/run-diff.ts';
import { runStory } from '../../app/diff/run-story.ts';
import { boardDiffText } from '../diff/board-diff-text.ts';
import { boardDiffJson, runDiffJson } from '../diff/diff-json.ts';
import { runDiffText } from '../diff/run-diff-text.ts';
import { withTwoMoments } from '../diff/two-moments.ts';
import { runIdOf } from '../ids.ts';
import type { PastMoment } from '../past-moment.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

/** Compares. */
export const verb: Verb = {
  configure,
  run,
  takesAt: 'often',
  examples: [
    ['logboard diff --at 10:02 --at 10:15', 'what a quarter of an hour did to the board'],
    ['logboard diff --at -2h', 'the same from two hours ago until now'],
    ['logboard diff R-0A1B2C3D4E5F R-5F4E3D2C1B0A', 'two attempts, also of different tasks'],
  ],
};

function configure(command: Command): void {
  command.argument('[runs...]', 'two runs; without them, two moments given with --at');
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const { moments } = context;
  const runIds = args.map(runIdOf);
  if (runIds.length === 0) return compareBoards(context, moments);
  if (runIds.length !== 2) throw new UsageError('Two runs are compared.', 'Give two run ids.');
  if (moments.length > 0) {
    throw new UsageError('Runs are compared as they are now.', 'Leave out --at, or the runs.');
  }
  const [one = '', other = ''] = runIds;
  if (one === other) {
    throw new UsageError(`${one} is no different from itself.`, 'Give two different runs.');
  }
  return compareRuns(await context.onBoard('read'), one, other);
}

async function compareRuns(on: BoardContext, one: string, other: string): Promise<Result> {
  const queries = await on.board.read();
  const a = await runStory(on.board.log, queries, one);
  if (a.refused) return a;
  const b = await runStory(on.board.log, queries, other);
  if (b.refused) return b;
  const diff = diffRuns(a, b);
  return { json: () => runDiffJson(a, b, diff), text: () => runDiffText(a, b, diff, on.style) };
}

async function compareBoards(
  context: Context,
  [from, to, ...more]: readonly PastMoment[],
): Promise<Result> {
  if (from === undefined || more.length > 0) {
    throw new UsageError('A diff has two ends.', 'Give --at twice, --at once, or two run ids.');
  }
  const on = await context.onBoard('read');
  const { style } = on;
  const nowMs = on.board.nowMs();
  return withTwoMoments(on, [from, to], (moments) => {
    const diff = diffBoards(moments);
    return {
      json: () => boardDiffJson(moments, diff),
      text: () => boardDiffText(moments, diff, { style, nowMs }),
    };
  });
}
