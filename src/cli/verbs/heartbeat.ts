/** `heartbeat`: a worker says that it lives, and how far it has come. */
import type { Command } from 'commander';
import { splitIds } from '../ids.ts';
import { share } from '../parsers.ts';
import { showRun } from '../run-answer.ts';
import { noRun, targetOf } from '../run-target.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly run?: string;
  readonly note?: string;
  readonly progress?: number;
}

/** Records a heartbeat. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard heartbeat --progress 40% --note "page 12 of 30"', 'inside a worker'],
    ['logboard heartbeat --run R-0A1B2C3D4E5F', 'for a run claimed from outside'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[run]', 'default: the run of this worker')
    .option('--run <id>', 'the same')
    .option('--note <text>', 'what it is doing')
    .option('--progress <share>', '0.4 or 40%', share);
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { note, progress } = options;
  const { words, ...ids } = splitIds(args);
  if (words !== undefined)
    throw new UsageError(`“${words}” is not a run id.`, 'Say it with --note.');
  const target = targetOf(context, ids, options.run);
  if (target.runId === undefined) throw noRun('beat');
  const on = await context.onBoard('report');
  const answer = await on.commands().heartbeat(target.runId, { note, progress, ...target.proof });
  return answer.refused ? answer : showRun(on, answer);
}
