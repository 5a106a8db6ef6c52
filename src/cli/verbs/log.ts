/** `log`: what a worker printed. */
import type { Command } from 'commander';
import type { RunRow } from '../../../projections/runs/row.ts';
import { noSuchRun, noSuchTask } from '../../app/plans.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { said } from '../../domain/said.ts';
import { ownRun } from '../caller.ts';
import { followRun, forSink } from '../follow-run.ts';
import { runIdOf, taskIdOf } from '../ids.ts';
import { count } from '../parsers.ts';
import { relativeTime } from '../time.ts';
import { UsageError } from '../usage-error.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly follow?: true;
  readonly tail?: number;
}

/** Prints the output of a run. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard log T-0A1B2C3D4E', 'of the latest attempt'],
    ['logboard log R-0A1B2C3D4E5F --tail 20', 'the last lines of one run'],
    ['logboard log T-0A1B2C3D4E -f', 'as it comes, until the run is over'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[task-or-run]', 'of a task: its latest run; default: the run of this worker')
    .option('-f, --follow', 'go on until the run is over')
    .option('--tail <n>', 'only the last n lines', count);
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const wanted = args[0] ?? ownRun(context.io.environment)?.runId;
  if (wanted === undefined) throw new UsageError('No task or run is named.', 'Give its id.');
  const isTask = /^t-/i.test(wanted);
  const id = isTask ? taskIdOf(wanted) : runIdOf(wanted);
  const on = await context.onBoard('read');
  const found = isTask ? await latestRun(on, id) : await runNamed(on, id);
  if ('refused' in found) return found;
  if (options.follow) return followRun(on, found, options);
  const { text, cut } = await on.root.readRunLog(on.place.directory, found.runId, said(options));
  return {
    json: () => ({ runId: found.runId, taskId: found.taskId, text, cut }),
    text: () => forSink(text, on),
    notes: notes(found.runId, { text, cut: cut && options.tail === undefined }, on).map((note) =>
      on.talk.paint('dim', note),
    ),
  };
}

interface Output {
  readonly text: string;
  /** Something is missing before it that nobody asked to leave out. */
  readonly cut: boolean;
}

function notes(runId: string, output: Output, on: BoardContext): readonly string[] {
  // No file, and a file with nothing in it, are one to whoever reads the end of it.
  if (output.text === '')
    return [`No output of ${runId} is here: it printed nothing, ran elsewhere, or gc removed it.`];
  const cut = output.cut ? ['This is the end of its output: what came before is gone.'] : [];
  return [...cut, ...untilWhen(on)];
}

/** The output of the past is that of now. */
function untilWhen({ board, savedAtMs, io }: BoardContext): readonly string[] {
  if (board.past === undefined) return [];
  const until =
    savedAtMs === undefined
      ? 'has printed until now'
      : `had printed when the file was saved, ${relativeTime(savedAtMs, io.nowMs())}`;
  return [`All it ${until}: output carries no position.`];
}

async function runNamed({ board }: BoardContext, runId: string): Promise<RunRow | Refusal> {
  return (await board.read()).run(runId) ?? noSuchRun(runId);
}

async function latestRun({ board }: BoardContext, taskId: string): Promise<RunRow | Refusal> {
  const queries = await board.read();
  if (queries.task(taskId, board.nowMs()) === undefined) return noSuchTask(taskId);
  const latest = queries.runs(taskId).at(-1);
  if (latest !== undefined) return latest;
  return refuse('no_such_run', `${taskId} has not been tried yet: there is no output.`, {
    hint: 'See what it waits for with `logboard show`.',
    facts: { taskId },
  });
}
