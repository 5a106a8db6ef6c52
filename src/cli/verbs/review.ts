/** `review`: a person's verdict on work that waits for one. */
import { type Command, Option } from 'commander';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly approve?: true;
  readonly reject?: true;
}

/** Approves or rejects work under review. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard review T-0A1B2C3D4E --approve', 'the task is done'],
    ['logboard review T-0A1B2C3D4E --reject --reason "page 3 is empty"', 'back to the queue'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks under review, then why')
    .option('--approve', 'accept the work')
    .addOption(new Option('--reject', 'send it back').conflicts('approve'))
    .option('--reason <text>', 'why; needed to reject');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { approve = false, reject = false } = options;
  const { taskIds, words } = splitIds(args);
  if (!approve && !reject)
    throw new UsageError('No verdict is given.', 'Add --approve or --reject.');
  const reason = reasonOf(options, words);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, (id) => on.commands().review(id, { approve, reason }));
}
