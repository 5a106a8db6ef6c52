/**
 * What the log needs from the world around it: time, timers and chance.
 *
 * They come in as arguments, so that a simulation can replace them and nothing below `host` reads
 * the ambient ones. The real ones live in `src/host/clock.ts`.
 */

/** The two clocks. */
export interface Clock {
  /** Wall clock, UTC ms. May step either way: display it, never decide by it. */
  nowMs(): number;
  /** Monotonic clock, ms since an arbitrary start. For durations and deadlines. */
  monoMs(): number;
}

/**
 * Whether a pending timer keeps the process alive: a wait that somebody's promise depends on does,
 * a poll or a reminder must not.
 */
export type TimerHold = 'keep_alive' | 'background';

/** Ways to be called later. */
export interface Timers {
  /** Calls `fn` once, `ms` from now; `hold` defaults to `keep_alive`. Returns the way to cancel. */
  after(ms: number, fn: () => void, hold?: TimerHold): () => void;
  /**
   * Calls `fn` once the input already there has been served. Keeps the process alive until then.
   */
  immediate(fn: () => void): void;
}

/** A number from 0 (inclusive) to 1 (exclusive). For jitter only: never for ids or secrets. */
export type Random = () => number;
