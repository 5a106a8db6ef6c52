/** `block`: somebody else has to act before the work can go on. */
import { type Command, Option } from 'commander';
import { type BlockCause, blockCauses } from '../../domain/task/events.ts';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import { showRun } from '../run-answer.ts';
import { targetOf } from '../run-target.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly run?: string;
  readonly cause?: BlockCause;
}

/** Blocks a run, or tasks as an operator. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard block which of the two accounts is meant?', 'inside a worker'],
    ['logboard block T-0A1B2C3D4E waiting for the release', 'as an operator'],
    ['logboard block --run R-0A1B2C3D4E5F --cause capability no GPU here', 'a run, with a cause'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[ids...]', 'tasks, or the run (default: that of this worker), then why')
    .option('--run <id>', 'the run that is blocked')
    .option('--reason <text>', 'why: what has to happen, and who can do it')
    .addOption(new Option('--cause <cause>', 'kind of obstacle').choices(blockCauses));
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { words, ...ids } = splitIds(args);
  const reason = reasonOf(options, words);
  if (reason === undefined || reason.trim() === '') {
    throw new UsageError('Nobody can lift a block without a reason.', 'Say what has to happen.');
  }
  const target = targetOf(context, ids, options.run);
  const on = await context.onBoard('report');
  if (target.runId === undefined) {
    const why = { cause: options.cause ?? 'operator', reason };
    return actOnEach(on, target.taskIds, (id) => on.commands().block(id, why));
  }
  const why = { cause: options.cause ?? 'needs_input', reason };
  const answer = await on.commands().blockRun(target.runId, why, target.proof);
  return answer.refused ? answer : showRun(on, answer);
}
