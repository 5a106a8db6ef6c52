/** `log`: what a worker printed. */
import type { Command } from 'commander';
import type { RunRow } from '../../../projections/runs/row.ts';
import { noSuchRun, noSuchTask } from '../../app/plans.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { said } from '../../domain/said.ts';
import { exitCodes } from '../../outcome.ts';
import { ownRun } from '../caller.ts';
import { followLog } from '../follow-log.ts';
import { runIdOf, taskIdOf } from '../ids.ts';
import { count } from '../parsers.ts';
import { jsonText, plainText } from '../sanitize.ts';
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
  if (options.follow) return follow(on, found, options);
  const { text, cut } = await on.root.readRunLog(on.place.directory, found.runId, said(options));
  return {
    json: () => ({ runId: found.runId, taskId: found.taskId, text, cut }),
    text: () => forSink(text, on),
    notes: text === '' ? [on.talk.paint('dim', `${found.runId} has printed nothing.`)] : [],
  };
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

async function follow(on: BoardContext, run: RunRow, { tail }: Options): Promise<Result> {
  const { board, io, isJson, place, root } = on;
  const over = new AbortController();
  const stopped = io.untilStopped();
  const signal = AbortSignal.any([over.signal, stopped]);
  const pieces = root.followRunLog(place.directory, run.runId, { ...said({ tail }), signal });
  const watching = untilOver(on, run.runId, signal).then(() => over.abort());
  for await (const { text, afterGap } of pieces) {
    if (isJson) io.stdout.write(`${jsonText({ runId: run.runId, text, afterGap })}\n`);
    else io.stdout.write(forSink(text, on));
  }
  await watching;
  if (stopped.aborted) return { exit: exitCodes.interrupted };
  const outcome = (await board.read()).run(run.runId)?.outcome;
  return { notes: [on.talk.paint('dim', `${run.runId} is over: ${outcome}`)] };
}

/** How long a worker that has said its last word may go on printing, in ms. */
const lastWordsMs = 500;

async function untilOver(on: BoardContext, runId: string, signal: AbortSignal): Promise<void> {
  const { board } = on;
  const isOver = async () => (await board.read()).run(runId)?.outcome !== null;
  const { position: after } = await board.log.head();
  if (!(await isOver())) {
    for await (const _page of followLog(on, after, signal)) if (await isOver()) break;
  }
  if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, lastWordsMs));
}

/** On a terminal the output must not steer it; into a file or a pipe it goes as it is. */
function forSink(text: string, { io }: BoardContext): string {
  return io.stdout.isTerminal ? plainText(text) : text;
}
