/** `rebuild`: makes the tables anew from the log, beside those in use, and swaps them. */
import { type Command, Option } from 'commander';
import { exitCodes } from '../../outcome.ts';
import { counted } from '../../wire/counted.ts';
import { problemLines } from '../problem-lines.ts';
import { withProgress } from '../progress.ts';
import type { VerifyProblem } from '../upkeep.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly verify?: true;
  readonly keyframes?: true;
}

/** Rebuilds the tables. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard rebuild', 'readers go on with the old tables until the new ones are complete'],
    ['logboard rebuild --verify', 'first prove the old ones, row by row; exit 9 where they differ'],
    ['logboard rebuild --keyframes', 'so that nobody waits who looks at the past (--at)'],
  ],
};

function configure(command: Command): void {
  command
    .option('--verify', 'first say where the tables in use differ from the log')
    .addOption(
      new Option(
        '--keyframes',
        'what makes looking at the past fast, in the place of the tables',
      ).conflicts('verify'),
    );
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const { directory } = context.existingPlace();
  const upkeep = await context.root.upkeep();
  const work = options.keyframes ? upkeep.rebuildKeyframes : upkeep.rebuild;
  const startedAtMs = context.io.nowMs();
  const { problems, position } = await withProgress(context, async (tell) => {
    const compare = () => upkeep.compareTables(directory, (done) => tell('comparing', done));
    const found = options.verify ? await compare() : undefined;
    const reached = await work(directory, (done) => tell('rebuilding', done));
    return { problems: found, position: reached };
  });
  const tookMs = context.io.nowMs() - startedAtMs;
  const did = context.style.paint('good', '✓ rebuilt');
  const done = `${did}  ${counted(position, 'event')} in ${tookMs} ms`;
  return {
    json: () => ({ position, tookMs, ...(problems === undefined ? {} : { problems }) }),
    text: () => [...proof(context, problems), done].join('\n'),
    exit: problems?.length ? exitCodes.difference : exitCodes.done,
  };
}

/** What the comparison came to; nothing when there was none. */
function proof({ style }: Context, problems: readonly VerifyProblem[] | undefined) {
  if (problems === undefined) return [];
  if (problems.length === 0) return [`${style.paint('good', '✓ proven')}   every row as it was`];
  const verdict = style.paint('bad', '✗ differed');
  return [`${verdict} ${counted(problems.length, 'value')} of before`, ...problemLines(problems)];
}
