/**
 * Plays a strip of frames in time: waits between them as long as it was, or less, and does what
 * whoever watches asks for. It decides when; what is shown is up to its listener.
 */

import { faster, type Pace, slower, waitMs } from '../../domain/pace.ts';
import type { TurningPoint } from '../../domain/turning-point.ts';
import type { Clock, Timers } from '../../log/ports.ts';
import type { Frame, Reel, Upcoming } from './reel.ts';

/** How playing came to its end. */
export type Played =
  | { readonly end: 'over' | 'quit' }
  | { readonly end: 'turning_point'; readonly at: TurningPoint; readonly frame: Frame };

/** Where a replay stands. */
export interface PlaybackState {
  readonly isPaused: boolean;
  /** Nothing comes after this frame. */
  readonly isOver: boolean;
  readonly pace: Pace;
  /** What is shown; undefined before the first event, and after stepping back that far. */
  readonly frame: Frame | undefined;
  /** The clock of the board as it was, UTC ms; goes on between two events. */
  readonly nowMs: number;
  /** Why it stopped here by itself. */
  readonly stoppedAt: TurningPoint | undefined;
}

/** A replay in the hands of whoever watches it. */
export interface Playback {
  state(): PlaybackState;
  /** Plays until the end, or until somebody quits. */
  run(): Promise<Played>;
  togglePause(): void;
  /** Shows the next event now, and pauses. */
  stepOn(): void;
  /** Shows the event before, and pauses. */
  stepBack(): void;
  faster(): void;
  slower(): void;
  quit(): void;
}

/** What playing takes. */
export interface PlaybackOptions {
  readonly reel: Reel;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly timers: Timers;
  readonly pace: Pace;
  /** Where the clock of the board stands before the first event, UTC ms. */
  readonly startAtMs: number;
  /** Stops at the first event of one of these kinds. */
  readonly until: readonly TurningPoint[];
  /**
   * Whether somebody holds the keys: then it pauses where it would end, and only quitting ends it.
   */
  readonly isWatched: boolean;
  /** While waiting, how often the clock of the board is told to have gone on, ms. */
  readonly tickMs?: number;
  /** An event is on the board. `waitedMs` is how long it was waited for. */
  onFrame(frame: Frame, waitedMs: number): void;
  /** Something else is to be seen: another pace, a pause, the clock. */
  onChange?(): void;
}

/** What may end a wait. */
type Wish = 'step_on' | 'step_back' | 'quit';

/** How far playing may lag behind before it gives up catching up, ms. */
const lateMsMax = 500;

/** What is left of a wait that was added up in parts is nothing, if it is as little as this, ms. */
const nearlyMs = 0.001;

/** Frames shown without a wait before others get their turn. */
const framesAtOnce = 50;

/** Prepares to play; nothing happens before `run`. */
export function createPlayback(options: PlaybackOptions): Playback {
  const { reel, clock, timers, until, isWatched, tickMs = Number.POSITIVE_INFINITY } = options;
  /** Positions of the frames shown, to find the way back. */
  const shown: number[] = [];
  let { pace } = options;
  let isPaused = false;
  let isOver = false;
  let frame: Frame | undefined;
  let stoppedAt: TurningPoint | undefined;
  /** How much of the gap before the next event is over, 0 to 1. */
  let elapsed = 0;
  let gapMs = 0;
  let lateMs = 0;
  let wish: Wish | undefined;
  let wake = () => {};

  async function run(): Promise<Played> {
    for (let unbroken = 0; ; unbroken += 1) {
      const next = await reel.upcoming();
      isOver = next === undefined;
      if (isOver && !isWatched) return { end: 'over' };
      if (isOver) options.onChange?.();
      const done = await waitFor(next);
      if (done === 'quit') return { end: 'quit' };
      if (done === 'step_back') await goBack();
      else await showNext(done.waitedMs);
      if (stoppedAt !== undefined && frame !== undefined && !isWatched) {
        return { end: 'turning_point', at: stoppedAt, frame };
      }
      if (unbroken % framesAtOnce === 0) await turn(timers);
    }
  }

  async function showNext(waitedMs: number): Promise<void> {
    const next = await reel.advance();
    if (next === undefined) return;
    frame = next;
    elapsed = 0;
    shown.push(next.position);
    stoppedAt = until.find((kind) => next.turningPoints.includes(kind));
    if (stoppedAt !== undefined) isPaused = true;
    options.onFrame(next, waitedMs);
  }

  async function goBack(): Promise<void> {
    shown.pop();
    frame = await reel.seek(shown.at(-1) ?? 0);
    stoppedAt = undefined;
    options.onChange?.();
  }

  /** Resolves when the next event is due, or somebody wants something else. */
  async function waitFor(
    next: Upcoming | undefined,
  ): Promise<Exclude<Wish, 'step_on'> | { readonly waitedMs: number }> {
    elapsed = 0;
    gapMs = next?.gapMs ?? 0;
    let waitedMs = 0;
    for (;;) {
      const wanted = wish;
      wish = undefined;
      if (wanted === 'quit') return wanted;
      if (wanted === 'step_back' && shown.length > 0) return wanted;
      if (next !== undefined && wanted === 'step_on') return { waitedMs };
      if (next === undefined || isPaused) {
        lateMs = 0;
        await woken(Number.POSITIVE_INFINITY);
        continue;
      }
      const wholeMs = waitMs(gapMs, pace);
      const leftMs = wholeMs * (1 - elapsed);
      if (leftMs <= lateMs + nearlyMs) {
        lateMs = Math.max(0, lateMs - leftMs);
        return { waitedMs };
      }
      elapsed += lateMs / wholeMs;
      waitedMs += await waitSome(leftMs - lateMs, wholeMs);
    }
  }

  /** Waits until the event is due, or a tick, or a wish; answers how long, ms. */
  async function waitSome(leftMs: number, wholeMs: number): Promise<number> {
    const beganMs = clock.monoMs();
    lateMs = 0;
    await woken(Math.min(leftMs, tickMs));
    const tookMs = clock.monoMs() - beganMs;
    if (tookMs >= leftMs) {
      elapsed = 1;
      lateMs = Math.min(lateMsMax, tookMs - leftMs);
    } else {
      elapsed += tookMs / wholeMs;
      options.onChange?.();
    }
    return Math.min(tookMs, leftMs);
  }

  function woken(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = Number.isFinite(withinMs) ? timers.after(withinMs, () => wake()) : () => {};
      wake = () => {
        wake = () => {};
        cancel();
        resolve();
      };
    });
  }

  function ask(what: Wish | undefined): void {
    if (wish !== 'quit') wish = what ?? wish;
    options.onChange?.();
    wake();
  }

  function step(what: Wish): void {
    isPaused = true;
    ask(what);
  }

  function setPace(speed: number): void {
    pace = { ...pace, speed };
    ask(undefined);
  }

  return {
    state: () => ({
      ...{ isPaused, isOver, pace, frame, stoppedAt },
      nowMs: (frame?.atMs ?? options.startAtMs) + gapMs * elapsed,
    }),
    run,
    togglePause() {
      isPaused = !isPaused;
      stoppedAt = isPaused ? stoppedAt : undefined;
      ask(undefined);
    },
    stepOn: () => step('step_on'),
    stepBack: () => step('step_back'),
    faster: () => setPace(faster(pace.speed)),
    slower: () => setPace(slower(pace.speed)),
    quit: () => ask('quit'),
  };
}

/** Lets everybody else have a turn: keys, signals, and whoever reads what was written. */
function turn(timers: Timers): Promise<void> {
  return new Promise((resolve) => timers.immediate(resolve));
}
