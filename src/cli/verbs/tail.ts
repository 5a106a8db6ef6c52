/** `tail`: what happened to a task lately, then what happens, as it happens. */
import { type Command, Option } from 'commander';
import { noSuchTask } from '../../app/plans.ts';
import { exitCodes } from '../../outcome.ts';
import { followTimeline, printEntry } from '../follow-timeline.ts';
import { taskOrOwn } from '../own-task.ts';
import { count } from '../parsers.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly lines: number;
}

/** Follows a task. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard tail T-0A1B2C3D4E', 'the last ten entries, then what comes, until Ctrl-C'],
    ['logboard tail T-0A1B2C3D4E --json', 'the same, a JSON document a line'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[task]', 'default: the task of this worker')
    .addOption(
      new Option('-n, --lines <n>', 'entries of the past to begin with')
        .default(10)
        .argParser(count),
    );
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const taskId = taskOrOwn(context, args[0]);
  const on = await context.onBoard('read');
  const queries = await on.board.read();
  const after = on.board.projections.checkpoint().position;
  if (queries.task(taskId, on.board.nowMs()) === undefined) return noSuchTask(taskId);
  const latest = queries.timeline({ taskId, newestFirst: true, limit: options.lines });
  for (const row of latest.toReversed()) printEntry(on, row, taskId);
  await followTimeline(on, { after, taskId });
  return { exit: exitCodes.interrupted };
}
