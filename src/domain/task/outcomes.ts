/** How runs can end, and what an ending counts as. No schema stands here: the page folds, too. */
import type { Interruption } from '../policy.ts';

/** How a run can end; the outcome of the run's one terminal event. */
export const runOutcomes = [
  'completed',
  'blocked',
  'released',
  'reclaimed',
  'crashed',
  'timed_out',
  'stale',
  'spawn_failed',
  'protocol_violated',
  'rate_limited',
  'canceled',
] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** Outcomes that count against the task; the breaker adds them up. */
export const failureOutcomes: ReadonlySet<RunOutcome> = new Set<RunOutcome>([
  'crashed',
  'timed_out',
  'spawn_failed',
  'protocol_violated',
]);

/** Outcomes that are nobody's failure and still may not go on for ever, and as what they count. */
export const interruptionOf: Readonly<Partial<Record<RunOutcome, Interruption>>> = {
  reclaimed: 'recoveries',
  stale: 'recoveries',
  released: 'releases',
  rate_limited: 'holds',
};
