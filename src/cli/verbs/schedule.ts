/** `schedule`: parks tasks until a time. */
import { type Command, Option } from 'commander';
import { actOnEach } from '../each.ts';
import { type ReasonOptions, reasonOf, splitIds } from '../ids.ts';
import { momentOf } from '../moment.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options extends ReasonOptions {
  readonly at?: string;
  readonly clear?: true;
}

/** Schedules tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'own',
  examples: [
    ['logboard schedule T-0A1B2C3D4E --at 18:30', 'not before half past six'],
    ['logboard schedule T-0A1B2C3D4E --at 2h after the release', 'in two hours, and say why'],
    ['logboard schedule T-0A1B2C3D4E --clear', 'as soon as it is ready'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<ids...>', 'tasks, then why; a run in progress is ended')
    .option('--at <time>', 'ISO, 10:02 or 2h')
    .addOption(new Option('--clear', 'lift the schedule').conflicts('at'))
    .option('--reason <text>', 'why, for the timeline');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const { taskIds, words } = splitIds(args);
  const reason = reasonOf(options, words);
  const notBeforeMs = timeOf(options, context);
  const on = await context.onBoard('write');
  return actOnEach(on, taskIds, (id) => on.commands().schedule(id, notBeforeMs, reason));
}

function timeOf({ at, clear }: Options, { io }: Context): number | null {
  if (clear) return null;
  if (at === undefined)
    throw new UsageError('No time is given.', 'Add --at 18:30, --at 2h or --clear.');
  return momentOf(at, io.nowMs());
}
