/** `release`: a worker gives its task back unfinished; no failure is counted. */
import type { Command } from 'commander';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import { showRun } from '../run-answer.ts';
import { noRun, targetOf } from '../run-target.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly run?: string;
}

/** Releases a run. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard release --reason "the machine goes down"', 'inside a worker'],
    ['logboard release --run R-0A1B2C3D4E5F', 'a run claimed from outside'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[run...]', 'the run (default: that of this worker), then why')
    .option('--run <id>', 'the run')
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { words, ...ids } = splitIds(args);
  const reason = reasonOf(options, words);
  const target = targetOf(context, ids, options.run);
  if (target.runId === undefined) throw noRun('be released');
  const on = await context.onBoard('report');
  const answer = await on.commands().releaseRun(target.runId, reason, target.proof);
  return answer.refused ? answer : showRun(on, answer);
}
