/** `timeline`: what happened to a task, or on the whole board. */
import { type Command, Option } from 'commander';
import type { Importance } from '../../../projections/timeline/importance.ts';
import { noSuchTask } from '../../app/plans.ts';
import { said } from '../../domain/said.ts';
import { taskIdOf } from '../ids.ts';
import { count } from '../parsers.ts';
import { timelineJson } from '../timeline-json.ts';
import { timelineLine } from '../timeline-words.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly importance?: Importance;
  readonly limit: number;
}

/** Tells the story of a task or of the board. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard timeline T-0A1B2C3D4E', 'the story of a task'],
    ['logboard timeline --importance 3', 'what went wrong lately, and where people stepped in'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[task]', 'default: the whole board')
    .addOption(
      new Option('--importance <level>', '1 all, 2 steps, 3 failures and people; default 2')
        .choices(['1', '2', '3'])
        .argParser((text) => Number(text)),
    )
    .addOption(new Option('--limit <n>', 'the latest n').default(100).argParser(count));
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const taskId = args[0] === undefined ? undefined : taskIdOf(args[0]);
  const on = await context.onBoard('read');
  const queries = await on.board.read();
  const nowMs = on.board.nowMs();
  if (taskId !== undefined && queries.task(taskId, nowMs) === undefined) return noSuchTask(taskId);
  const { limit, importance: minImportance = 2 } = options;
  const latest = queries.timeline({ ...said({ taskId, minImportance }), newestFirst: true, limit });
  const entries = latest.toReversed();
  const { style } = on;
  const withTask = taskId === undefined;
  return {
    json: () => entries.map(timelineJson),
    text: () => entries.map((row) => timelineLine(row, { style, nowMs, withTask })).join('\n'),
  };
}
