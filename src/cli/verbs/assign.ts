/** `assign`: says who should do tasks that nobody works on. */
import type { Command } from 'commander';
import { actOnEach } from '../each.ts';
import type { ReasonOptions } from '../ids.ts';
import { idsAndAssignee } from '../task-options.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Assigns tasks. */
export const verb: Verb<ReasonOptions> = {
  configure,
  run,
  examples: [
    ['logboard assign T-0A1B2C3D4E build', 'to the workers called build'],
    ['logboard assign T-0A1B2C3D4E T-5F6G7H8J9K none', 'to nobody'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks, and last the assignee, or none')
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<ReasonOptions>): Promise<Result> {
  const { taskIds, assignee } = idsAndAssignee(args);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, (id) => on.commands().assign(id, assignee, options.reason));
}
