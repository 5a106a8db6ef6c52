/** Prints the output of a run as it comes. */
import type { RunRow } from '../../projections/runs/row.ts';
import { said } from '../domain/said.ts';
import { exitCodes } from '../outcome.ts';
import { followLog, refusePast } from './follow-log.ts';
import type { RunLogWanted } from './root.ts';
import { jsonText, plainText } from './sanitize.ts';
import type { BoardContext, Result } from './verb.ts';

/** Prints what the run has printed and goes on printing, until it is over or we are stopped. */
export async function followRun(
  on: BoardContext,
  run: RunRow,
  { tail }: RunLogWanted,
): Promise<Result> {
  const { board, io, isJson, place, root } = on;
  refusePast(board);
  const over = new AbortController();
  const stopped = io.untilStopped();
  const signal = AbortSignal.any([over.signal, stopped]);
  const pieces = root.followRunLog(place.directory, run.runId, { ...said({ tail }), signal });
  const print = async () => {
    for await (const { text, afterGap } of pieces) {
      if (isJson) io.stdout.write(`${jsonText({ runId: run.runId, text, afterGap })}\n`);
      else io.stdout.write(forSink(text, on));
    }
  };
  await Promise.all([print(), untilOver(on, run.runId, signal).finally(() => over.abort())]);
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
export function forSink(text: string, { io }: BoardContext): string {
  return io.stdout.isTerminal ? plainText(text) : text;
}
