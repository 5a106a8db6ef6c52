/** Plays a replay on a terminal: the board drawn again at every event, and keys that steer it. */
import { densityOf } from '../../app/replay/density.ts';
import { createPlayback, type PlaybackOptions } from '../../app/replay/playback.ts';
import type { Terminal } from '../io.ts';
import { plainLine } from '../sanitize.ts';
import type { BoardContext } from '../verb.ts';
import { createCanvas } from './canvas.ts';
import { pressKeys } from './keys.ts';
import { screenLines } from './screen-lines.ts';

/** What to play, without those who listen. */
export type Program = Pick<PlaybackOptions, 'reel' | 'pace' | 'startAtMs' | 'until'> & {
  readonly taskIds?: readonly string[];
};

/** How often leases are seen to run out while nothing happens, ms. */
const tickMs = 250;

/** The screen is drawn no more often, ms: nobody sees more. */
const drawEveryMs = 40;

/** Nor does drawing, which asks the tables, take more than one part of the time in so many. */
const drawShare = 4;

/** Slices of the range whose density is shown: more than any screen has columns. */
const slices = 400;

/** Plays until somebody quits; whether that was by Ctrl-C or a signal. */
export async function playOnScreen(
  on: BoardContext,
  terminal: Terminal,
  program: Program,
): Promise<{ readonly wasInterrupted: boolean }> {
  const { reel, taskIds } = program;
  const density = await densityOf(on.board.log, reel, slices);
  const canvas = createCanvas(terminal);
  const stopped = on.io.untilStopped();
  const { clock, timers } = on.root;
  let isDue = false;
  let drawAgainAtMs = Number.NEGATIVE_INFINITY;
  let wasInterrupted = false;
  let failure: { readonly error: unknown } | undefined;

  const playback = createPlayback({
    ...{ ...program, clock, timers, tickMs, isWatched: true },
    onFrame: drawSoon,
    onChange: drawSoon,
  });

  /** At once, or when the last drawing is old enough. */
  function drawSoon(): void {
    if (isDue) return;
    isDue = true;
    timers.after(Math.max(0, drawAgainAtMs - clock.monoMs()), draw);
  }

  function draw(): void {
    if (!isDue) return;
    isDue = false;
    const beganMs = clock.monoMs();
    try {
      canvas.draw(linesNow());
      const tookMs = clock.monoMs() - beganMs;
      drawAgainAtMs = beganMs + Math.max(drawEveryMs, tookMs * drawShare);
    } catch (error) {
      failure = { error };
      playback.quit();
    }
  }

  function linesNow(): readonly string[] {
    const { queries, first, last } = reel;
    const state = playback.state();
    const board = plainLine(on.place.label);
    const view = { board, queries, taskIds, state, density, first, last };
    return screenLines({ ...view, position: reel.position() }, terminal, on.style);
  }

  function interrupt(): void {
    wasInterrupted = true;
    playback.quit();
  }

  const release = terminal.take({
    onInput: (text) => {
      if (pressKeys(text, playback).isInterrupt) wasInterrupted = true;
    },
    onRedraw: () => {
      canvas.forget();
      drawSoon();
    },
  });
  try {
    stopped.addEventListener('abort', interrupt);
    if (stopped.aborted) interrupt();
    drawSoon();
    await playback.run();
  } finally {
    isDue = false;
    stopped.removeEventListener('abort', interrupt);
    release();
  }
  if (failure !== undefined) throw failure.error;
  return { wasInterrupted };
}
