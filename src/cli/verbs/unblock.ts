/** `unblock`: lifts a block, the breaker's halt, a schedule or a hold. */
import type { Command } from 'commander';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Unblocks tasks. */
export const verb: Verb<ReasonOptions> = {
  configure,
  run,
  examples: [
    ['logboard unblock T-0A1B2C3D4E the key is in the vault', 'and say why'],
    ['logboard unblock T-0A1B2C3D4E T-5F6G7H8J9K', 'two at once'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks, then why')
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<ReasonOptions>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  const reason = reasonOf(options, words);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, (id) => on.commands().unblock(id, reason));
}
