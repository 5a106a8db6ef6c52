/** Which other policies are tried: the values that decide when a silent run is given up. */
import type { RunPolicy } from '../policy.ts';

/** The keys of the policy that can be tried with other values. */
export const triedKeys = [
  'claimTtlMs',
  'crashGraceMs',
  'launchLeaseMs',
  'maxSilentMs',
  'staleAfterMs',
] as const;
export type TriedKey = (typeof triedKeys)[number];

/** The part of a policy that judges silence, in ms. */
export type Terms = Readonly<Record<TriedKey, number>>;

/** A policy that differs in these values from whatever each claim recorded, in ms. */
export type Trial = Readonly<Partial<Record<TriedKey, number>>>;

/** One key and the values to try it with. */
export interface Axis {
  readonly key: TriedKey;
  readonly values: readonly number[];
}

/** Policies that one question may try, those in force not counted. */
export const trialsMax = 1_000;

/** How many policies the axes make. */
export function trialCount(axes: readonly Axis[]): number {
  return axes.reduce((count, { values }) => count * values.length, 1);
}

/** Every combination of the values, the last axis turning fastest. */
export function trialsOf(axes: readonly Axis[]): readonly Trial[] {
  return axes.reduce<readonly Trial[]>(
    (trials, { key, values }) =>
      trials.flatMap((trial) => values.map((value) => ({ ...trial, [key]: value }))),
    [{}],
  );
}

/** The part of a recorded policy that judges silence. */
export function termsOf(policy: RunPolicy): Terms {
  const { claimTtlMs, crashGraceMs, launchLeaseMs, maxSilentMs, staleAfterMs } = policy;
  return { claimTtlMs, crashGraceMs, launchLeaseMs, maxSilentMs, staleAfterMs };
}

/** Whether a trial says nothing else than these terms. */
export function isSameAs(trial: Trial, terms: Terms): boolean {
  return triedKeys.every((key) => trial[key] === undefined || trial[key] === terms[key]);
}

/**
 * The shortest silence that a run could be given up for, by its own terms or by any of the trials;
 * shorter ones may be forgotten.
 */
export function createShortestSilence(trials: readonly Trial[]) {
  const shortest = (key: TriedKey) =>
    trials.reduce((least, { [key]: ms }) => Math.min(least, ms || least), Number.POSITIVE_INFINITY);
  const [leaseMs, staleMs] = [shortest('claimTtlMs'), shortest('staleAfterMs')];
  return (run: { terms: Terms; ttlMs: number; isOutside: boolean }): number =>
    Math.min(
      staleMs,
      orNever(run.terms.staleAfterMs),
      run.isOutside ? Math.min(leaseMs, run.ttlMs) : Number.POSITIVE_INFINITY,
    );
}

/** As `staleAfterMs` counts: 0 is never. */
export function orNever(ms: number): number {
  return ms === 0 ? Number.POSITIVE_INFINITY : ms;
}
