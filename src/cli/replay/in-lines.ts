/** Plays a replay where nobody steers it: a line for each thing that happened, or a document. */
import { createPlayback, type Played } from '../../app/replay/playback.ts';
import type { Frame } from '../../app/replay/reel.ts';
import { figure } from '../../wire/counted.ts';
import { jsonText } from '../sanitize.ts';
import { timelineLine } from '../timeline-words.ts';
import type { BoardContext } from '../verb.ts';
import type { Program } from './on-screen.ts';
import { frameJson } from './replay-json.ts';

/** Plays until the end, the first turning point, or a signal. */
export async function playInLines(on: BoardContext, program: Program): Promise<Played> {
  const { clock, timers } = on.root;
  const { reel } = program;
  const stopped = on.io.untilStopped();
  const playback = createPlayback({
    ...{ ...program, clock, timers, isWatched: false },
    onFrame: (frame, waitedMs) => {
      const lines = on.isJson
        ? [jsonText(frameJson(frame, waitedMs, reel.queries))]
        : linesOf(frame, on, reel.last);
      for (const line of lines) on.io.stdout.write(`${line}\n`);
    },
  });
  const quit = () => playback.quit();
  stopped.addEventListener('abort', quit);
  if (stopped.aborted) quit();
  try {
    return await playback.run();
  } finally {
    stopped.removeEventListener('abort', quit);
  }
}

/** Chatter is left out, as the timeline does. */
function linesOf({ entries }: Frame, on: BoardContext, last: number): readonly string[] {
  const nowMs = on.board.nowMs();
  const width = `#${figure(last)}`.length;
  const style = { ...on.style, columns: on.style.columns - width - 2 };
  const told = entries.filter(({ importance }) => importance > 1);
  return told.map((row) => {
    const place = `#${figure(row.position)}`.padStart(width);
    const line = timelineLine(row, { style, nowMs, withTask: true });
    return `${on.style.paint('dim', place)}  ${line}`;
  });
}
