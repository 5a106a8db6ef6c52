/** What a run prints, as it prints it, until it is over. */
import type { DoorParts } from './door-parts.ts';
import { frame } from './sse.ts';

/** How long a worker that has said its last word may go on printing, in ms. */
const lastWordsMs = 500;

/** The last lines and what comes then, until the signal or the run ends: then a frame `end`. */
export async function* outputFrames(
  parts: DoorParts,
  { runId, tail }: { readonly runId: string; readonly tail: number },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const over = new AbortController();
  const ending = untilOver(parts, runId, signal).finally(() => over.abort());
  const until = AbortSignal.any([signal, over.signal]);
  for await (const piece of parts.output.follow(runId, { tail, signal: until })) {
    yield frame({ data: piece });
  }
  await ending;
  if (signal.aborted) return;
  const outcome = (await parts.board.read()).run(runId)?.outcome ?? null;
  yield frame({ name: 'end', data: { runId, outcome } });
}

async function untilOver(parts: DoorParts, runId: string, signal: AbortSignal): Promise<void> {
  const { board, timers } = parts;
  const isOver = async () => (await board.read()).run(runId)?.outcome !== null;
  const { position: after } = await board.log.head();
  if (!(await isOver())) {
    for await (const _page of parts.follow(after, signal)) if (await isOver()) break;
  }
  if (!signal.aborted) await new Promise<void>((resolve) => timers.after(lastWordsMs, resolve));
}
