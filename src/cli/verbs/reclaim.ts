/** `reclaim`: takes tasks from the runs that hold them; they return to the queue. */
import type { Command } from 'commander';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Reclaims tasks. */
export const verb: Verb<ReasonOptions> = {
  configure,
  run,
  examples: [
    ['logboard reclaim T-0A1B2C3D4E it hangs', 'end its run; a dispatcher ends the process'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'running tasks, then why')
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<ReasonOptions>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  const reason = reasonOf(options, words) ?? 'taken back by hand';
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, (id) => on.commands().reclaim(id, reason));
}
