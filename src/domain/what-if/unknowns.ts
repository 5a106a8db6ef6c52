/** What the past cannot say about another policy, as counts; the words stand at the doors. */
import type { Score } from './score.ts';
import type { Trace } from './trace.ts';
import { orNever, type Trial, triedKeys } from './trial.ts';

/** Runs, by what is not known about them; a run may stand in several. */
export interface Unknowns {
  /** No dispatcher saw their process: silence is taken for death if nothing more was heard. */
  readonly outside: number;
  /** Their process is seen: `claimTtlMs` is nothing to them while it runs. */
  readonly local: number;
  /** They brought a lease of their own, which no policy changes. */
  readonly ownLease: number;
  /** Judged by their longest silence only, because their beats are gone, and their times. */
  readonly thinned: number;
  /** Over before any of the policies could have said anything. */
  readonly tooShort: number;
  /** Not over yet, or ended by a person or a time limit. */
  readonly open: number;
  readonly cut: number;
  /** Given up, and heard of afterwards: they are taken to have been alive all along. */
  readonly cameBack: number;
  /** Judged by a missing pid. */
  readonly gone: number;
  /** The most runs that are unsure under any one of the policies. */
  readonly unsure: number;
}

/** Counts what is not known. */
export function unknownsOf(
  traces: readonly Trace[],
  trials: readonly Trial[],
  scores: readonly Score[],
): Unknowns {
  const count = (is: (run: Trace) => boolean) => traces.filter(is).length;
  const shortestMs = Math.min(...trials.flatMap(valuesOf));
  return {
    outside: count(({ isOutside }) => isOutside),
    local: count(({ isOutside }) => !isOutside),
    ownLease: count(({ isOwnTtl }) => isOwnTtl),
    thinned: count(({ isThinned }) => isThinned),
    tooShort: count(({ fate, endMs }) => fate === 'lived' && endMs <= shortestMs),
    open: count(({ fate }) => fate === 'open'),
    cut: count(({ fate }) => fate === 'cut'),
    cameBack: count(({ backMs, fate }) => backMs !== null && fate !== 'lived'),
    gone: count(({ fate }) => fate === 'gone'),
    unsure: scores.reduce((most, { unsure }) => Math.max(most, unsure), 0),
  };
}

function valuesOf(trial: Trial): readonly number[] {
  return triedKeys.flatMap((key) => (trial[key] === undefined ? [] : [orNever(trial[key])]));
}
