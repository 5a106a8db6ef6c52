/** `link`: makes a task wait for another. */
import type { Command } from 'commander';
import { showTask } from '../each.ts';
import { taskIdOf } from '../ids.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Links a parent and a child. */
export const verb: Verb = {
  configure,
  run,
  examples: [['logboard link T-0A1B2C3D4E T-5F6G7H8J9K', 'the second waits for the first']],
};

function configure(command: Command): void {
  command.argument('<parent>', 'task to wait for').argument('<child>', 'task that waits');
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const [parentId = '', childId = ''] = args.map(taskIdOf);
  const on = await context.onBoard('write');
  const answer = await on.commands().link(parentId, childId);
  return answer.refused ? answer : showTask(on, childId, { changed: answer.changed });
}
