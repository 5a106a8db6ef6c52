/** `archive`: puts tasks away, brings them back, or removes them from sight for good. */
import { type Command, Option } from 'commander';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly restore?: true;
  readonly rm?: true;
}

/** Archives tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard archive T-0A1B2C3D4E', 'out of the lists; a run in progress is ended'],
    ['logboard archive --restore T-0A1B2C3D4E', 'back to where it stood'],
    [
      'logboard archive --rm T-0A1B2C3D4E',
      'an archived task, for good; its events stay in the log',
    ],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks, then why')
    .option('--reason <text>', 'why, for the timeline')
    .option('--restore', 'bring archived tasks back')
    .addOption(new Option('--rm', 'remove archived tasks for good').conflicts('restore'));
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  const reason = reasonOf(options, words);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, (id) => act(on, id, options, reason));
}

function act(on: BoardContext, id: string, { restore, rm }: Options, reason: string | undefined) {
  const commands = on.commands();
  if (rm) return commands.tombstone(id, reason);
  return restore ? commands.restore(id, reason) : commands.archive(id, reason);
}
