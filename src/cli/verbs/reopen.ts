/** `reopen`: puts finished tasks back into the queue. */
import type { Command } from 'commander';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Reopens tasks. */
export const verb: Verb<ReasonOptions> = {
  configure,
  run,
  examples: [['logboard reopen T-0A1B2C3D4E the report misses a page', 'do it again, and say why']],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks that are done, then why')
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<ReasonOptions>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  const reason = reasonOf(options, words);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, (id) => on.commands().reopen(id, reason));
}
