/** `runs`: every attempt at a task. */
import { type Command, Option } from 'commander';
import { noSuchTask } from '../../app/plans.ts';
import { type RunOutcome, runOutcomes } from '../../domain/task/events.ts';
import { runJson } from '../../wire/run-json.ts';
import { taskOrOwn } from '../own-task.ts';
import { runTable } from '../run-table.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly outcome?: RunOutcome;
  readonly open?: true;
}

/** Lists the runs of a task. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard runs T-0A1B2C3D4E', 'first to last'],
    ['logboard runs T-0A1B2C3D4E --outcome crashed --json', 'the crashes, with their evidence'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[task]', 'default: the task of this worker')
    .addOption(new Option('--outcome <outcome>', 'only those that ended so').choices(runOutcomes))
    .addOption(new Option('--open', 'only the one that is open').conflicts('outcome'));
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const taskId = taskOrOwn(context, args[0]);
  const on = await context.onBoard('read');
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  if (queries.task(taskId, nowMs) === undefined) return noSuchTask(taskId);
  const { open, outcome } = options;
  const wanted = open ? null : outcome;
  const runs = queries
    .runs(taskId)
    .filter((each) => wanted === undefined || each.outcome === wanted);
  return {
    json: () => runs.map(runJson),
    text: () => runTable(runs, on.style, nowMs),
    notes: runs.length === 0 ? [on.talk.paint('dim', 'No runs.')] : [],
  };
}
