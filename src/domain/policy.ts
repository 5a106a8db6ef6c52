/** Every limit and duration of the board, with its default and its unit, and arithmetic on them. */
import * as z from 'zod';
import { durationMsMax, nameCharsMax } from './limits.ts';

const durationMs = z.number().int().min(0).max(durationMsMax);
const positiveMs = z.number().int().min(1).max(durationMsMax);
const count = z.number().int().min(1).max(1_000_000);

/**
 * The rules in force. Durations are ms.
 *
 * - `claimTtlMs`: how long a run may stay silent before its lease is over.
 * - `crashGraceMs`: how long after its spawn a worker is never judged dead by its pid.
 * - `launchLeaseMs`: how long a claimed run may take until its worker is recorded as spawned.
 * - `heartbeatEveryMs`: how often a worker should beat; beats closer than a quarter of the lease
 *   are coalesced unless they carry news.
 * - `maxSilentMs`: a run older than this …
 * - `staleAfterMs`: … that has shown no progress for this long has gone stale (0 = never).
 * - `maxRuntimeMs`: the longest a run may take; 0 = no limit. Task and worker may set their own.
 * - `drainMs`: how long after a worker's exit a completion in flight may still arrive.
 * - `killGraceMs`: time between TERM and KILL.
 * - `failureLimit`: consecutive failures after which the breaker halts a task.
 * - `recoveryLimit`, `releaseLimit`, `holdLimit`: the same for runs that are nobody's failure:
 *   taken from a silent worker, given back by their worker, held until something outside recovers.
 * - `retryBackoffMs`, `retryBackoffMaxMs`: first wait after a failure or an interruption, growing
 *   fourfold, and its cap.
 * - `rateLimitHoldMs`, `rateLimitHoldMaxMs`: how long a task is held at least after its worker
 *   reported a rate limit (exit 75), doubling with each in a row, and its cap.
 * - `outageTasks`: an assignee that fails alike on this many tasks (0 = never) …
 * - `outageWindowMs`: … within this time fails everywhere: one run at a time probes it …
 * - `probeAfterMs`: … after this wait, doubling up to `retryBackoffMaxMs`, until one succeeds.
 * - `maxRunning`: workers running at once on this host, counted over all its boards.
 * - `maxRunningPerAssignee`: the same for one assignee of one board; 0 = no limit of its own.
 * - `defaultAssignee`: who gets tasks that name nobody; null = they wait for an assignment.
 * - `logBytesMax`: cap of one run's log file; older output is rotated away.
 */
export const policySchema = z.strictObject({
  claimTtlMs: positiveMs.default(900_000),
  crashGraceMs: durationMs.default(30_000),
  launchLeaseMs: positiveMs.default(30_000),
  heartbeatEveryMs: positiveMs.default(20_000),
  maxSilentMs: durationMs.default(4 * 3_600_000),
  staleAfterMs: durationMs.default(3_600_000),
  maxRuntimeMs: durationMs.default(0),
  drainMs: durationMs.default(2_000),
  killGraceMs: durationMs.default(5_000),
  failureLimit: count.default(2),
  recoveryLimit: count.default(5),
  releaseLimit: count.default(5),
  holdLimit: count.default(20),
  retryBackoffMs: durationMs.default(1_000),
  retryBackoffMaxMs: durationMs.default(15 * 60_000),
  rateLimitHoldMs: durationMs.default(300_000),
  rateLimitHoldMaxMs: durationMs.default(3_600_000),
  outageTasks: z.number().int().min(0).max(1_000_000).default(3),
  outageWindowMs: positiveMs.default(600_000),
  probeAfterMs: positiveMs.default(60_000),
  maxRunning: count.default(3),
  maxRunningPerAssignee: z.number().int().min(0).max(1_000_000).default(0),
  defaultAssignee: z.string().min(1).max(nameCharsMax).nullable().default(null),
  logBytesMax: z
    .number()
    .int()
    .min(4_096)
    .default(16 * 1024 * 1024),
});
export type Policy = z.infer<typeof policySchema>;

/** Limits that the first recorded policies did not know: where one is missing, the default. */
const laterLimits = {
  recoveryLimit: count.optional(),
  releaseLimit: count.optional(),
  holdLimit: count.optional(),
};

/** A policy as events record it. */
export const recordedPolicySchema = policySchema.extend({
  ...laterLimits,
  rateLimitHoldMaxMs: durationMs.optional(),
  outageTasks: z.number().int().optional(),
  outageWindowMs: positiveMs.optional(),
  probeAfterMs: positiveMs.optional(),
});
export type RecordedPolicy = z.infer<typeof recordedPolicySchema>;

/** The part of the policy that governs one run; every claim carries a copy as its evidence. */
export const runPolicySchema = z.object({
  claimTtlMs: positiveMs,
  crashGraceMs: durationMs,
  launchLeaseMs: positiveMs,
  maxSilentMs: durationMs,
  staleAfterMs: durationMs,
  maxRuntimeMs: durationMs,
  failureLimit: count,
  ...laterLimits,
});
export type RunPolicy = z.infer<typeof runPolicySchema>;

/** The defaults of every key. */
export const defaultPolicy: Policy = policySchema.parse({});

/** Copies the keys that a claim records. */
export function runPolicy(policy: Policy): RunPolicy {
  return {
    claimTtlMs: policy.claimTtlMs,
    crashGraceMs: policy.crashGraceMs,
    launchLeaseMs: policy.launchLeaseMs,
    maxSilentMs: policy.maxSilentMs,
    staleAfterMs: policy.staleAfterMs,
    maxRuntimeMs: policy.maxRuntimeMs,
    failureLimit: policy.failureLimit,
    recoveryLimit: policy.recoveryLimit,
    releaseLimit: policy.releaseLimit,
    holdLimit: policy.holdLimit,
  };
}

/** The breaker's limit for a task and where it came from. */
export function failureLimit(
  maxRetries: number | null,
  policy: Pick<Policy, 'failureLimit'>,
): { limit: number; limitFrom: 'task' | 'policy' } {
  return maxRetries === null
    ? { limit: policy.failureLimit, limitFrom: 'policy' }
    : { limit: maxRetries, limitFrom: 'task' };
}

const interruptionLimits = {
  recoveries: 'recoveryLimit',
  releases: 'releaseLimit',
  holds: 'holdLimit',
} as const;

/** A way to end without success that is no failure: each is counted, and has a limit of its own. */
export type Interruption = keyof typeof interruptionLimits;

/** How many interruptions of a kind a task may have before the breaker halts it. */
export function interruptionLimit(kind: Interruption, policy: RunPolicy): number {
  const key = interruptionLimits[kind];
  return policy[key] ?? defaultPolicy[key];
}

/**
 * How long a task waits after its n-th consecutive failure, in ms: the first wait, growing
 * fourfold, capped, then spread over [50 %, 100 %) by a hash of `seed`, so that a thousand tasks
 * that failed together do not return together, while a replay computes the same figure.
 */
export function retryDelayMs(failures: number, seed: string, policy: Policy): number {
  const growth = 4 ** Math.max(0, Math.min(failures, 20) - 1);
  const full = Math.min(policy.retryBackoffMs * growth, policy.retryBackoffMaxMs);
  return Math.floor(full * (0.5 + fraction(seed) / 2));
}

/**
 * How long a task is held after its n-th rate limit, in ms: what was asked for, doubling, capped
 * (but never below what was asked for), then spread over [100 %, 150 %) by a hash of `seed`.
 */
export function holdDelayMs(
  asked: { readonly holdMs: number; readonly holds: number },
  seed: string,
  policy: Policy,
): number {
  const { holdMs, holds } = asked;
  const growth = 2 ** Math.max(0, Math.min(holds, 20) - 1);
  const full = Math.min(holdMs * growth, Math.max(holdMs, policy.rateLimitHoldMaxMs));
  return Math.floor(full * (1 + fraction(seed) / 2));
}

/**
 * A number in [0, 1) that depends on the text alone: FNV-1a, 32 bit, with its bits mixed once more
 * (MurmurHash3's finalizer), since ids that were counted up differ in their last letters only.
 */
function fraction(seed: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Whether a beat that brings no news may be left out: the last one is younger than ttl / 4. */
export function isCoalesced(sinceLastMs: number, claimTtlMs: number): boolean {
  return sinceLastMs >= 0 && sinceLastMs < claimTtlMs / 4;
}
