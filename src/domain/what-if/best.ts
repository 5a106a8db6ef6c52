/** Which of the policies did best, and its neighbours, which say why. */
import { costMs, type Score } from './score.ts';
import { type Axis, isSameAs, type Terms, type Trial, type TriedKey } from './trial.ts';

/** A neighbour of the best policy: one step away on one axis. */
export interface Neighbour {
  readonly key: TriedKey;
  readonly index: number;
}

/** The best policy among the scores. */
export interface Best {
  readonly index: number;
  /** Every policy costs the same: the past says nothing for or against any of them. */
  readonly isTie: boolean;
  readonly shorter: readonly Neighbour[];
  readonly longer: readonly Neighbour[];
}

/**
 * The policy that costs least; among equals the one nearest to the terms in force, because a change
 * has to be worth it. Undefined without scores.
 */
export function bestOf(
  scores: readonly Score[],
  {
    axes,
    current,
    weighMs,
  }: { axes: readonly Axis[]; current: Terms | undefined; weighMs: number },
): Best | undefined {
  const costs = scores.map((score) => costMs(score, weighMs));
  const lowest = Math.min(...costs);
  let index = -1;
  for (const [at, score] of scores.entries()) {
    if (costs[at] !== lowest) continue;
    const nearest = index === -1 ? undefined : scores[index];
    const isNearer =
      nearest === undefined || distance(score.trial, current) < distance(nearest.trial, current);
    if (isNearer) index = at;
  }
  if (index === -1) return undefined;
  const isTie = costs.every((cost) => cost === lowest);
  return { index, isTie, ...neighbours(index, axes) };
}

/** Where among the scores the terms in force stand; undefined when no trial says the same. */
export function currentAmong(scores: readonly Score[], current: Terms): number | undefined {
  const index = scores.findIndex(({ trial }) => isSameAs(trial, current));
  return index === -1 ? undefined : index;
}

/** In doublings of each value: from 30 s to 60 s is as far as from 5 min to 10 min. */
function distance(trial: Trial, current: Terms | undefined): number {
  if (current === undefined) return 0;
  return Object.entries(trial).reduce((sum, [key, value]) => {
    return sum + Math.abs(Math.log2((value + 1) / (current[key as TriedKey] + 1)));
  }, 0);
}

/** The scores stand in the order of `trialsOf`: the last axis turns fastest. */
function neighbours(index: number, axes: readonly Axis[]): Pick<Best, 'shorter' | 'longer'> {
  const shorter: Neighbour[] = [];
  const longer: Neighbour[] = [];
  let stride = 1;
  for (const { key, values } of axes.toReversed()) {
    const place = Math.floor(index / stride) % values.length;
    if (place > 0) shorter.push({ key, index: index - stride });
    if (place < values.length - 1) longer.push({ key, index: index + stride });
    stride *= values.length;
  }
  return { shorter: shorter.reverse(), longer: longer.reverse() };
}
