/** The rules in force: their defaults and the arithmetic on them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultPolicy,
  failureLimit,
  holdDelayMs,
  interruptionLimit,
  isCoalesced,
  policySchema,
  retryDelayMs,
  runPolicy,
  runPolicySchema,
} from '../../src/domain/policy.ts';
import { deepFreeze } from '../kit/deep-freeze.ts';

const minuteMs = 60_000;

it('the defaults are those of the guide', () => {
  expect(defaultPolicy).toEqual({
    claimTtlMs: 15 * minuteMs,
    crashGraceMs: 30_000,
    launchLeaseMs: 30_000,
    heartbeatEveryMs: 20_000,
    maxSilentMs: 240 * minuteMs,
    staleAfterMs: 60 * minuteMs,
    maxRuntimeMs: 0,
    drainMs: 2_000,
    killGraceMs: 5_000,
    failureLimit: 2,
    recoveryLimit: 5,
    releaseLimit: 5,
    holdLimit: 20,
    retryBackoffMs: 1_000,
    retryBackoffMaxMs: 15 * minuteMs,
    rateLimitHoldMs: 5 * minuteMs,
    rateLimitHoldMaxMs: 60 * minuteMs,
    outageTasks: 3,
    outageWindowMs: 10 * minuteMs,
    probeAfterMs: minuteMs,
    maxRunning: 3,
    maxRunningPerAssignee: 0,
    defaultAssignee: null,
    logBytesMax: 16 * 1024 * 1024,
  });
});

it('a misspelt key is an error, not a rule without effect', () => {
  expect(policySchema.safeParse({ claimTtlMS: 1 }).success).toBe(false);
});

it('a claim records the rules that govern its run, and no others', () => {
  const recorded = runPolicy(deepFreeze(defaultPolicy));
  expect(runPolicySchema.strict().parse(recorded)).toEqual(recorded);
  expect(defaultPolicy).toMatchObject(recorded);
});

it("a task's own limit of retries goes before the policy's", () => {
  expect(failureLimit(null, { failureLimit: 2 })).toEqual({ limit: 2, limitFrom: 'policy' });
  expect(failureLimit(5, { failureLimit: 2 })).toEqual({ limit: 5, limitFrom: 'task' });
});

describe('the wait after a failure', () => {
  const anySeed = fc.string();
  const full = (failures: number) =>
    Math.min(defaultPolicy.retryBackoffMs * 4 ** (failures - 1), defaultPolicy.retryBackoffMaxMs);

  it('grows fourfold from failure to failure, up to its cap', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(full)).toEqual([
      1_000, 4_000, 16_000, 64_000, 256_000, 900_000, 900_000,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), anySeed, (failures, seed) => {
        const delayMs = retryDelayMs(failures, seed, defaultPolicy);
        expect(delayMs).toBeGreaterThanOrEqual(full(failures) / 2);
        expect(delayMs).toBeLessThan(full(failures));
        expect(Number.isInteger(delayMs)).toBe(true);
      }),
    );
  });

  it('stays below its full length for every policy, odd ones as well', () => {
    const anyMs = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(anyMs, anyMs, anySeed, (retryBackoffMs, retryBackoffMaxMs, seed) => {
        const policy = { ...defaultPolicy, retryBackoffMs, retryBackoffMaxMs };
        const fullMs = Math.min(retryBackoffMs, retryBackoffMaxMs);
        const delayMs = retryDelayMs(1, seed, policy);
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(fullMs / 2));
        expect(delayMs).toBeLessThan(fullMs);
      }),
    );
  });

  it('is the same for the same run, whoever computes it and with which program', () => {
    expect(retryDelayMs(1, 'R-0A1B2C3D4E5F', defaultPolicy)).toBe(603);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), anySeed, (failures, seed) => {
        const once = retryDelayMs(failures, seed, defaultPolicy);
        expect(retryDelayMs(failures, seed, defaultPolicy)).toBe(once);
      }),
    );
  });

  it('spreads tasks that failed together over the whole of its range', () => {
    const delays = Array.from({ length: 1_000 }, (_, run) =>
      retryDelayMs(3, `R-0000000000${run.toString(32).padStart(2, '0')}`, defaultPolicy),
    );
    const tenths = new Set(delays.map((delayMs) => Math.floor((delayMs - 8_000) / 800)));
    expect(tenths.size).toBe(10);
  });

  it('can be switched off', () => {
    expect(retryDelayMs(5, 'R-1', { ...defaultPolicy, retryBackoffMs: 0 })).toBe(0);
  });
});

describe('the hold after a rate limit', () => {
  it('doubles from one to the next up to its cap, and is never shorter than asked for', () => {
    const anyMs = fc.integer({ min: 1, max: 10_000_000 });
    const anyCount = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(anyMs, anyCount, fc.string(), (holdMs, holds, seed) => {
        const delayMs = holdDelayMs({ holdMs, holds }, seed, defaultPolicy);
        const capMs = Math.max(holdMs, 60 * minuteMs);
        const fullMs = Math.min(holdMs * 2 ** Math.min(holds - 1, 19), capMs);
        expect(delayMs).toBeGreaterThanOrEqual(fullMs);
        expect(delayMs).toBeLessThan(fullMs * 1.5);
      }),
    );
  });
});

describe('the limit of interruptions', () => {
  it('is the one the claim recorded', () => {
    const policy = runPolicy({ ...defaultPolicy, releaseLimit: 7 });
    expect(interruptionLimit('releases', policy)).toBe(7);
    expect(interruptionLimit('recoveries', policy)).toBe(5);
  });

  it('is the default for a claim from before there were any', () => {
    const { holdLimit: _, ...older } = runPolicy({ ...defaultPolicy, holdLimit: 7 });
    expect(interruptionLimit('holds', older)).toBe(20);
  });
});

it('a quiet beat is left out for a quarter of the lease after the last sign of life', () => {
  expect(isCoalesced(0, 1_000)).toBe(true);
  expect(isCoalesced(249, 1_000)).toBe(true);
  expect(isCoalesced(250, 1_000)).toBe(false);
  expect(isCoalesced(-1, 1_000)).toBe(false);
});
