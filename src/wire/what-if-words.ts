/** What another policy would have meant, in words: for the terminal, for programs and for pages. */
import type { WhatIf } from '../app/what-if.ts';
import type { Neighbour } from '../domain/what-if/best.ts';
import { costMs, type Score } from '../domain/what-if/score.ts';
import type { Trial, TriedKey } from '../domain/what-if/trial.ts';
import { counted, figure } from './counted.ts';
import { span } from './span.ts';

/** The keys as people type them. */
export const keyWords: Readonly<Record<TriedKey, string>> = {
  claimTtlMs: 'claim-ttl',
  crashGraceMs: 'crash-grace',
  launchLeaseMs: 'launch-lease',
  maxSilentMs: 'max-silent',
  staleAfterMs: 'stale-after',
};

/** A value of a key; 0 means never for one of them. */
export function valueWord(key: TriedKey, ms: number): string {
  return key === 'staleAfterMs' && ms === 0 ? 'never' : span(ms);
}

/** `claim-ttl 2m, crash-grace 30s`. */
export function policyWords(trial: Trial): string {
  const entries = Object.entries(trial) as [TriedKey, number][];
  return entries.map(([key, ms]) => `${keyWords[key]} ${valueWord(key, ms)}`).join(', ');
}

/** Why the best policy is the best, a sentence each. Empty when nothing was judged. */
export function reasonsOf(answer: WhatIf): readonly string[] {
  const { best, scores, currentIndex } = answer;
  const chosen = best === null ? undefined : scores[best.index];
  if (best === null || chosen === undefined) return [];
  if (best.isTie) {
    return [
      'These runs do not tell the policies apart: all cost the same, so nothing need change.',
    ];
  }
  const current = currentIndex === null ? undefined : scores[currentIndex];
  const isCurrent = currentIndex === best.index;
  const compared = current === undefined ? [] : [beside(chosen, current, isCurrent)];
  const neighbours = (all: readonly Neighbour[], word: string) =>
    all.flatMap((neighbour) => stepAway(answer, chosen, { ...neighbour, word }));
  return [
    ...compared,
    ...neighbours(best.shorter, 'shorter'),
    ...neighbours(best.longer, 'longer'),
  ];
}

function beside(chosen: Score, current: Score, isCurrent: boolean): string {
  if (isCurrent) return 'It is the policy in force; none of the others would have cost less.';
  const now = falseCount(current);
  const than = falseCount(chosen) === now ? ', as now' : ` instead of ${now}`;
  const alive = `${falseWords(chosen)}${than}`;
  const idle = `${span(chosen.idleMs)} held by dead workers instead of ${span(current.idleMs)}`;
  return chosen.idleMs === current.idleMs ? `${alive}.` : `${alive}; ${idle}.`;
}

function falseWords(score: Score): string {
  const isOne = score.falseReclaims + score.unsure === 1;
  return `${falseCount(score)} false ${isOne ? 'reclaim' : 'reclaims'}`;
}

/** `3`, or `3 to 5` where some are unsure. */
export function falseCount({ falseReclaims, unsure }: Score): string {
  const most = figure(falseReclaims + unsure);
  return unsure === 0 ? most : `${figure(falseReclaims)} to ${most}`;
}

function stepAway(
  { scores, weighMs }: WhatIf,
  chosen: Score,
  { key, index, word }: Neighbour & { word: string },
): readonly string[] {
  const other = scores[index];
  if (other === undefined) return [];
  const name = `${keyWords[key]} ${valueWord(key, other.trial[key] ?? 0)}`;
  const difference = costMs(other, weighMs) - costMs(chosen, weighMs);
  if (difference === 0) return [`A ${word} ${name} would have done as well.`];
  const more = other.falseReclaims + other.unsure - chosen.falseReclaims - chosen.unsure;
  if (more > 0) return [`A ${word} ${name} ${takesAlive(other, more)}.`];
  const idleMs = other.idleMs - chosen.idleMs;
  if (idleMs > 0) return [`A ${word} ${name} would have left tasks idle for ${span(idleMs)} more.`];
  return [`A ${word} ${name} would have cost ${span(Math.max(0, difference))} more.`];
}

function takesAlive({ falseReclaims, unsure, example }: Score, more: number): string {
  const sure = unsure > 0 && falseReclaims === 0 ? 'may have given up' : 'would have given up';
  const shown =
    example === null ? '' : ` (${example.runId}, ${span(example.atMs)} after its claim)`;
  return `${sure} ${counted(more, 'more living run')}${shown}`;
}
