/** `verify`: proves that nothing was changed or lost, and that the tables are what the log says. */
import type { Command } from 'commander';
import { exitCodes } from '../../outcome.ts';
import { counted } from '../counted.ts';
import { problemLines } from '../problem-lines.ts';
import { withProgress } from '../progress.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Verifies the board. */
export const verb: Verb = {
  configure,
  run,
  examples: [
    [
      'logboard verify',
      'hash chain, invariants, and tables against a fold of the log; exit 9 if not',
    ],
    [
      'logboard verify --json | jq .hash',
      'a hash to keep elsewhere: nobody can forge a log under it',
    ],
  ],
};

function configure(_command: Command): void {}

async function run(context: Context, _input: Input<unknown>): Promise<Result> {
  const { directory } = context.existingPlace();
  const upkeep = await context.root.upkeep();
  const report = await withProgress(context, (tell) => upkeep.verify(directory, tell));
  const { problems, position } = report;
  const isSound = problems.length === 0;
  const { style } = context;
  const events = counted(position, 'event');
  const verdict = isSound
    ? `${style.paint('good', '✓ sound')}  ${events}, every hash, every invariant, every row`
    : `${style.paint('bad', '✗ not sound')}  ${counted(problems.length, 'problem')} in ${events}`;
  return {
    json: () => ({ ok: isSound, ...report }),
    text: () => [verdict, ...problemLines(problems)].join('\n'),
    exit: isSound ? exitCodes.done : exitCodes.difference,
  };
}
