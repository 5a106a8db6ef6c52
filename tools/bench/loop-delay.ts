/** How long an event loop stood still. */
import type { IntervalHistogram } from 'node:perf_hooks';

/** Resolution of the histogram of delays, in ms. */
export const loopResolutionMs = 1;

/** Longest time an event loop stood still, and the 99th percentile, in ms. */
export interface LoopDelay {
  readonly maxMs: number;
  readonly p99Ms: number;
}

/** What a histogram of `loopResolutionMs` says: it counts its own resolution, too. */
export function loopDelayOf(histogram: IntervalHistogram): LoopDelay {
  const inMs = (ns: number) => ns / 1e6 - loopResolutionMs;
  return { maxMs: inMs(histogram.max), p99Ms: inMs(histogram.percentile(99)) };
}
