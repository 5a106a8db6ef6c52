/** What other policies would have meant: what is asked, and the answer as a table. */
import { parseDurationMs } from '../../domain/duration.ts';
import type { TriedKey } from '../../domain/what-if/trial.ts';
import { durationText } from '../../gantt/ticks.mjs';

/** The values that can be tried, by their names in the configuration. */
export const triedWords: Readonly<Record<TriedKey, string>> = {
  claimTtlMs: 'claim-ttl',
  crashGraceMs: 'crash-grace',
  launchLeaseMs: 'launch-lease',
  maxSilentMs: 'max-silent',
  staleAfterMs: 'stale-after',
};

/** What each of them is. */
export const triedMeanings: Readonly<Record<TriedKey, string>> = {
  claimTtlMs: 'lease',
  crashGraceMs: 'grace after a crash',
  launchLeaseMs: 'lease to launch',
  maxSilentMs: 'longest silence',
  staleAfterMs: 'without progress',
};

/** The document of `POST /api/v1/whatif`, as far as it is shown; times in ms. */
export interface WhatIfDocument {
  readonly runs: number;
  readonly policies: readonly PolicyDocument[];
  readonly best: { readonly reasons: readonly string[] } | null;
  readonly unknown: readonly { readonly says: string }[];
}

/** One policy over all runs. */
export interface PolicyDocument {
  readonly policy: Readonly<Partial<Record<TriedKey, number>>>;
  readonly isInForce: boolean;
  readonly isBest: boolean;
  readonly costMs: number;
  readonly falseReclaims: number;
  readonly unsure: number;
  readonly noticed: number;
  readonly missed: number;
  readonly lostMs: number;
  readonly unsureLostMs: number;
  readonly idleMs: number;
  readonly delayMedianMs: number | null;
}

/** What was typed for each value. */
export type Typed = Readonly<Partial<Record<TriedKey, string>>>;

/** The values to try; text where it cannot be read. */
export function axesOf(
  typed: Typed,
): { readonly axes: Readonly<Partial<Record<TriedKey, readonly number[]>>> } | string {
  const axes: Partial<Record<TriedKey, readonly number[]>> = {};
  for (const [key, text] of Object.entries(typed) as [TriedKey, string][]) {
    const words = text.split(',').flatMap((word) => word.trim() || []);
    const values = words.map((word) => (word === '0' ? 0 : parseDurationMs(word)));
    const wrong = words[values.indexOf(undefined)];
    if (wrong !== undefined) return `“${wrong}” is no duration; write 30s, 5m or 1h.`;
    if (words.length > 0) axes[key] = values.flatMap((value) => value ?? []);
  }
  return Object.keys(axes).length === 0 ? 'Give at least one value to try.' : { axes };
}

/** What the columns of the table are called. */
export const columnWords = [
  ...['policy', 'false reclaims', 'dead noticed', 'after'],
  ...['work lost', 'tasks idle', 'cost'],
] as const;

/** A policy in words, and its figures in the order of the columns. */
export interface JudgedRow {
  readonly isInForce: boolean;
  readonly isBest: boolean;
  readonly cells: readonly string[];
}

/** The policy in force first, then so many others, the cheapest first. */
export function judgedRows({ policies }: WhatIfDocument, most: number): readonly JudgedRow[] {
  const inForce = policies.filter((each) => each.isInForce);
  const others = policies
    .filter((each) => !each.isInForce)
    .toSorted((one, other) => one.costMs - other.costMs);
  return [...inForce, ...others.slice(0, most)].map((each) => {
    return { isInForce: each.isInForce, isBest: each.isBest, cells: cellsOf(each) };
  });
}

function cellsOf(judged: PolicyDocument): readonly string[] {
  const { falseReclaims, unsure, noticed, missed, delayMedianMs, idleMs, costMs } = judged;
  const lostMs = judged.lostMs + judged.unsureLostMs;
  return [
    policyWords(judged.policy),
    unsure === 0 ? `${falseReclaims}` : `${falseReclaims} to ${falseReclaims + unsure}`,
    missed === 0 ? `${noticed}` : `${noticed} of ${noticed + missed}`,
    delayMedianMs === null ? '–' : durationText(delayMedianMs),
    ...[lostMs, idleMs, costMs].map((ms) => (ms === 0 ? '0' : durationText(ms))),
  ];
}

function policyWords(policy: PolicyDocument['policy']): string {
  return (Object.entries(policy) as [TriedKey, number][])
    .map(([key, ms]) => `${triedWords[key]} ${ms === 0 ? '0' : durationText(ms)}`)
    .join(', ');
}
