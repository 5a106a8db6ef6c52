/**
 * The model held against the log: every run judged by the policy its own claim recorded, beside
 * what really became of it. Where they differ, the model is wrong, or something was as no policy
 * says: no dispatcher was there to look, or a person was faster.
 */
import { judge, type Verdict } from './judge.ts';
import { lastLifeMs, type Trace, wasGivenUp } from './trace.ts';

/** How far the model agrees with what happened. */
export interface Agreement {
  /** Runs that were given up, and those of them that the model gives up, or perhaps does. */
  readonly givenUp: number;
  readonly givenUpByBoth: number;
  /** Runs that were let work although a rule of their policy applied: nobody looked. */
  readonly onlyByModel: number;
  /** Runs that were given up and wrote afterwards: they had been alive. */
  readonly falseReclaims: number;
  /** How much later than the model says runs were given up, the median in ms; null without any. */
  readonly latenessMedianMs: number | null;
}

/** Compares the model with the log. */
export function agreementOf(traces: readonly Trace[]): Agreement {
  const lateness: number[] = [];
  const count = { givenUp: 0, givenUpByBoth: 0, onlyByModel: 0, falseReclaims: 0 };
  for (const run of traces) {
    const verdict = judge(run, run.terms);
    const atMs = givenUpAtMs(run, verdict);
    if (!wasGivenUp(run)) {
      if (atMs !== undefined && atMs < run.endMs) count.onlyByModel += 1;
      continue;
    }
    count.givenUp += 1;
    if (run.backMs !== null) count.falseReclaims += 1;
    if (atMs !== undefined || verdict.is === 'unsure') count.givenUpByBoth += 1;
    if (atMs !== undefined) lateness.push(run.endMs - atMs);
  }
  lateness.sort((one, other) => one - other);
  return { ...count, latenessMedianMs: lateness[Math.floor((lateness.length - 1) / 2)] ?? null };
}

/** When the model surely gives a run up, ms since its claim; undefined when it does not. */
function givenUpAtMs(run: Trace, verdict: Verdict): number | undefined {
  if (verdict.is === 'false') return verdict.atMs;
  if (verdict.is !== 'noticed' || verdict.delayMs === Number.POSITIVE_INFINITY) return undefined;
  return lastLifeMs(run) + verdict.delayMs;
}
