/** Plays a chronicle: where it stands after some time, and why it stopped there. */
import { type Pace, waitMs } from '../../domain/pace.ts';
import type { TurningPoint } from '../../domain/turning-point.ts';
import type { Chronicle } from './chronicle.ts';

/** A place between two events. */
export interface Place {
  readonly position: number;
  /** The clock of the board, UTC ms. */
  readonly nowMs: number;
}

/** A place that was played to. */
export interface Played extends Place {
  /** Playing ends here: at an event to stop at, or where the chronicle ends. */
  readonly stopped: TurningPoint | 'end' | undefined;
}

/** How to play. */
export interface Playing extends Pace {
  readonly stopAt: readonly TurningPoint[];
  /** The last position to play to. */
  readonly last: number;
}

/** Where playing comes to in so much time of whoever watches, ms. */
export function playOn(
  chronicle: Chronicle,
  from: Place,
  elapsedMs: number,
  playing: Playing,
): Played {
  const { last, stopAt, speed } = playing;
  const stop = chronicle.nextTurn(from.position, stopAt);
  let { position, nowMs } = from;
  let leftMs = elapsedMs;
  while (position < last) {
    const nextMs = Math.max(nowMs, chronicle.atMs(position + 1));
    const wait = waitMs(nextMs - nowMs, playing);
    if (wait > leftMs) {
      // What is skipped of an idle time is skipped at its beginning: the clock never jumps on.
      const skippedMs = nextMs - nowMs - wait * speed;
      return { position, nowMs: nowMs + skippedMs + leftMs * speed, stopped: undefined };
    }
    leftMs -= wait;
    nowMs = nextMs;
    position += 1;
    if (position === stop?.position) return { position, nowMs, stopped: firstOf(stop, stopAt) };
  }
  return { position, nowMs, stopped: 'end' };
}

function firstOf(
  { kinds }: { readonly kinds: readonly TurningPoint[] },
  wanted: readonly TurningPoint[],
): TurningPoint | undefined {
  return kinds.find((kind) => wanted.includes(kind));
}
