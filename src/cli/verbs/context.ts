/** `context`: what a worker is shown about its task. */
import type { Command } from 'commander';
import { taskOrOwn } from '../own-task.ts';
import { plainText } from '../sanitize.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Prints the context of a task. */
export const verb: Verb = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard context', 'inside a worker'],
    ['logboard context T-0A1B2C3D4E', 'as its worker would see it'],
  ],
};

function configure(command: Command): void {
  command.argument('[task]', 'default: the task of this worker');
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const taskId = taskOrOwn(context, args[0]);
  const on = await context.onBoard('read');
  const text = await on.board.context(taskId);
  if (typeof text !== 'string') return text;
  return { json: () => ({ taskId, context: text }), text: () => plainText(text) };
}
