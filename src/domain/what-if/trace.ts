/**
 * What a question about the past needs to know of one run: when it showed life, and how it ended.
 *
 * All moments are ms since the claim, by the wall clocks of those who wrote. A *silence* is the
 * time between two signs of life that follow each other; only those that can matter are kept.
 */
import type { Terms } from './trial.ts';

/**
 * How a run ended, as far as silence goes.
 *
 * - `lived`: its end was seen: its own word, or its exit. It was alive until then.
 * - `silent`: its lease was over, and nobody saw it alive: outside, or stopped on this host.
 * - `elsewhere`: the same on another host, which had not renewed its lease.
 * - `stale`: it was there and showed no progress.
 * - `gone`: its process was missing, and nobody saw how it ended.
 * - `unborn`: it was claimed, and no worker was ever spawned.
 * - `cut`: a person or its time limit ended it; nobody knows what it would have done.
 * - `open`: it has not ended yet.
 */
export type Fate = 'lived' | 'silent' | 'elsewhere' | 'stale' | 'gone' | 'unborn' | 'cut' | 'open';

/** One run. */
export interface Trace {
  readonly runId: string;
  /** When it was claimed, UTC ms. */
  readonly claimedAtMs: number;
  /** The policy that its claim recorded; runs with the same terms share the object. */
  readonly terms: Terms;
  /** Its lease, and whether its claim asked for one of its own, which no policy changes. */
  readonly ttlMs: number;
  readonly isOwnTtl: boolean;
  /** Claimed through a door: no dispatcher sees its process. */
  readonly isOutside: boolean;
  /** When its worker was spawned; null for a run without. */
  readonly spawnedMs: number | null;
  /** Silences that ended with a sign of life: start and length, in turn. */
  readonly silences: Float64Array;
  /** The last progress before it ended. */
  readonly lastSignMs: number;
  /** The last evidence that it lived: progress, or a lease renewed because its process was seen. */
  readonly lastSeenMs: number;
  readonly fate: Fate;
  /** When it ended; for an open run, until when it is known. */
  readonly endMs: number;
  /** A write of its worker that was refused after its end: it was alive after all. */
  readonly backMs: number | null;
  /** Beats of it are gone, and so are their times: of those, the longest silence is known. */
  readonly isThinned: boolean;
}

/** What counts against `maxSilentMs`: since its spawn, or since its claim. */
export function startedMs(run: Trace): number {
  return run.spawnedMs ?? 0;
}

/** Since when nothing was heard of it; of one that went stale, since when it did nothing. */
export function lastLifeMs({ fate, lastSignMs, lastSeenMs }: Trace): number {
  return fate === 'stale' ? lastSignMs : lastSeenMs;
}

/** Whether silence ended it, by a rule of the policy. */
export function wasGivenUp({ fate }: Pick<Trace, 'fate'>): boolean {
  return !(fate === 'lived' || fate === 'cut' || fate === 'open');
}
