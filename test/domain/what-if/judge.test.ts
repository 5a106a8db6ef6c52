/** One run under another policy: given up alive, noticed late, let work, or nobody can say. */
import { describe, expect, test } from 'vitest';
import { endings } from '../../kit/a-run.ts';
import { storyAtMs } from '../../kit/given.ts';
import { done, type Life, lost, reclaimed, terms, traceOf, verdictOf } from './a-past.ts';

describe('the lease of a run outside', () => {
  // The lease in force is 60 s, so beats may have been left out for 15 s after each that was kept.
  const life: Life = { beatsMs: [20_000, 70_000], end: [90_000, done] };

  test('is over at the first silence that is longer, and the run was alive', () => {
    expect(verdictOf(life, { claimTtlMs: 34_000 })).toEqual({
      is: 'false',
      by: 'lease',
      atMs: 54_000,
    });
  });

  test('is not over at a sign of life that comes at its very end', () => {
    expect(verdictOf(life, { claimTtlMs: 50_000 })).toEqual({ is: 'left' });
    expect(verdictOf(life, { claimTtlMs: 49_999 })).toMatchObject({ is: 'unsure', atMs: 69_999 });
  });

  test('leaves it open where beats that were left out could have kept it', () => {
    expect(verdictOf(life, { claimTtlMs: 35_000 })).toEqual({
      is: 'unsure',
      by: 'lease',
      atMs: 55_000,
    });
  });

  test('is sure where the lease is no shorter than the one in force', () => {
    const silent: Life = { beatsMs: [70_000], end: [80_000, done] };

    expect(verdictOf(silent, { claimTtlMs: 60_000 })).toMatchObject({ is: 'false', atMs: 60_000 });
    expect(verdictOf(silent, { claimTtlMs: 59_999 })).toMatchObject({ is: 'unsure' });
  });

  test('says when a dead worker would have been noticed', () => {
    const dead: Life = { beatsMs: [20_000], end: [80_000, reclaimed('outside')] };

    expect(verdictOf(dead, { claimTtlMs: 30_000 })).toEqual({
      is: 'noticed',
      by: 'lease',
      delayMs: 30_000,
    });
    // Ten minutes after its claim it would have gone stale.
    expect(verdictOf(dead, { claimTtlMs: 900_000 })).toMatchObject({
      by: 'stale',
      delayMs: 580_000,
    });
  });

  test('means nothing where the claim brought its own', () => {
    const own: Life = { ...life, ttlMs: 120_000 };

    expect(traceOf(own)).toMatchObject({ isOwnTtl: true, ttlMs: 120_000 });
    expect(verdictOf(own, { claimTtlMs: 1_000 })).toEqual({ is: 'left' });
  });

  test('is false when its worker wrote afterwards, until just before it wrote', () => {
    const zombie: Life = {
      beatsMs: [20_000],
      end: [80_000, reclaimed('outside')],
      refusedMs: 140_000,
    };

    expect(verdictOf(zombie, {})).toEqual({ is: 'false', by: 'lease', atMs: 80_000 });
    expect(verdictOf(zombie, { claimTtlMs: 119_999 })).toMatchObject({ is: 'false' });
    expect(verdictOf(zombie, { claimTtlMs: 120_000 })).toEqual({ is: 'left' });
  });

  test('cannot be judged beyond what a person ended, or what goes on', () => {
    const taken: Life = { beatsMs: [20_000], end: [70_000, endings.RunCanceled] };
    const open: Life = { beatsMs: [20_000] };

    expect(verdictOf(taken, { claimTtlMs: 49_999 })).toEqual({ is: 'untold' });
    expect(verdictOf(taken, { claimTtlMs: 50_000 })).toEqual({ is: 'left' });
    expect(verdictOf(open, { claimTtlMs: 60_000 }, 79_999)).toEqual({ is: 'left' });
    expect(verdictOf(open, { claimTtlMs: 60_000 }, 80_001)).toEqual({ is: 'untold' });
  });
});

describe('a worker of a dispatcher', () => {
  test('is not given up for its lease while its process is there', () => {
    const quiet: Life = { spawnedMs: 100, beatsMs: [250_000], end: [290_000, done] };

    expect(verdictOf(quiet, { claimTtlMs: 1_000 })).toEqual({ is: 'left' });
  });

  test('is given up for its lease once it stands still, counted from when it was last seen', () => {
    const end = [125_000, reclaimed('here', { worker: { is: 'stopped' } })] as const;
    const frozen: Life = { spawnedMs: 100, beatsMs: [20_000], extendedMs: [65_000], end };

    expect(verdictOf(frozen, { claimTtlMs: 10_000 })).toEqual({
      is: 'noticed',
      by: 'lease',
      delayMs: 10_000,
    });
    expect(verdictOf({ ...frozen, refusedMs: 130_000 }, { claimTtlMs: 64_999 })).toMatchObject({
      is: 'false',
    });
    expect(verdictOf({ ...frozen, refusedMs: 130_000 }, { claimTtlMs: 65_000 })).toEqual({
      is: 'left',
    });
  });

  test('of another host is noticed by its lease alone', () => {
    const end = [125_000, reclaimed('other_host')] as const;
    const away: Life = { spawnedMs: 100, extendedMs: [65_000], end };

    expect(verdictOf(away, { claimTtlMs: 90_000, maxSilentMs: 0, staleAfterMs: 65_000 })).toEqual({
      is: 'noticed',
      by: 'lease',
      delayMs: 90_000,
    });
  });

  test('whose exit was seen is judged at once by any policy', () => {
    const crashed: Life = { spawnedMs: 100, end: [50_000, endings.RunCrashed] };

    expect(verdictOf(crashed, { crashGraceMs: 3_600_000, claimTtlMs: 1 })).toEqual({ is: 'left' });
  });

  test('must be spawned within the launch lease', () => {
    const slow: Life = { spawnedMs: 10_000, end: [20_000, done] };

    expect(verdictOf(slow, { launchLeaseMs: 9_999 })).toEqual({
      is: 'false',
      by: 'launch',
      atMs: 9_999,
    });
    expect(verdictOf(slow, { launchLeaseMs: 10_000 })).toEqual({ is: 'left' });
  });

  test('that never came to be is noticed when the launch lease is over', () => {
    const unborn: Life = { isUnborn: true, end: [30_000, reclaimed('here')] };

    expect(verdictOf(unborn, { launchLeaseMs: 5_000 })).toEqual({
      is: 'noticed',
      by: 'launch',
      delayMs: 5_000,
    });
  });
});

describe('the crash grace', () => {
  const held: Life = { spawnedMs: 1_000, beatsMs: [3_000], end: [31_500, lost] };

  test('holds up whoever waited for nothing else', () => {
    expect(verdictOf(held, { crashGraceMs: 10_000 })).toEqual({
      is: 'noticed',
      by: 'grace',
      delayMs: 8_000,
    });
    expect(verdictOf(held, { crashGraceMs: 0 })).toMatchObject({ delayMs: 0 });
    expect(verdictOf(held, { crashGraceMs: 60_000 })).toMatchObject({ delayMs: 58_000 });
  });

  test('is nothing to a worker that went missing long after its spawn', () => {
    const late: Life = { spawnedMs: 1_000, beatsMs: [90_000], end: [100_000, lost] };

    expect(verdictOf(late, { crashGraceMs: 0 })).toEqual({
      is: 'noticed',
      by: 'grace',
      delayMs: 10_000,
    });
    expect(verdictOf(late, { crashGraceMs: 99_000 })).toMatchObject({ delayMs: 10_000 });
    expect(verdictOf(late, { crashGraceMs: 120_000 })).toMatchObject({ delayMs: 31_000 });
  });

  test('saves a worker that was only not to be seen, if it is long enough', () => {
    const back: Life = { ...held, refusedMs: 41_000 };

    expect(verdictOf(back, {})).toMatchObject({ is: 'false', by: 'grace', atMs: 31_000 });
    expect(verdictOf(back, { crashGraceMs: 39_999 })).toMatchObject({ is: 'false' });
    expect(verdictOf(back, { crashGraceMs: 40_000 })).toEqual({ is: 'left' });
  });
});

describe('the stale rule', () => {
  const life: Life = {
    beatsMs: [50_000, 100_000, 150_000, 200_000, 250_000],
    end: [280_000, done],
  };
  const off = { claimTtlMs: 3_600_000 };

  test('needs both a long silence and a long life', () => {
    expect(verdictOf(life, { ...off, maxSilentMs: 0, staleAfterMs: 49_999 })).toMatchObject({
      by: 'stale',
      atMs: 49_999,
    });
    expect(verdictOf(life, { ...off, maxSilentMs: 0, staleAfterMs: 50_000 })).toEqual({
      is: 'left',
    });
    expect(verdictOf(life, { ...off, maxSilentMs: 249_999, staleAfterMs: 20_000 })).toMatchObject({
      is: 'false',
      atMs: 249_999,
    });
    expect(verdictOf(life, { ...off, maxSilentMs: 280_000, staleAfterMs: 20_000 })).toEqual({
      is: 'left',
    });
  });

  test('with 0 is never', () => {
    expect(verdictOf(life, { ...off, maxSilentMs: 0, staleAfterMs: 0 })).toEqual({ is: 'left' });
    const end = [
      900_000,
      { ...endings.RunWentStale, data: { ...endings.RunWentStale.data, silentMs: 300_000 } },
    ] as const;
    const hung: Life = { spawnedMs: 0, beatsMs: [1_000], end };
    expect(verdictOf(hung, { staleAfterMs: 0 })).toEqual({
      is: 'noticed',
      by: 'stale',
      delayMs: Number.POSITIVE_INFINITY,
    });
    expect(verdictOf(hung, { maxSilentMs: 0, staleAfterMs: 100_000 })).toMatchObject({
      is: 'unsure',
    });
    expect(verdictOf(hung, { maxSilentMs: 0, staleAfterMs: 600_000 })).toEqual({
      is: 'noticed',
      by: 'stale',
      delayMs: 600_000,
    });
  });

  test('knows a worker that was seen after its last progress to have been alive', () => {
    const end = [500_000, reclaimed('here', { worker: { is: 'stopped' } })] as const;
    const seen: Life = { spawnedMs: 0, beatsMs: [10_000], extendedMs: [400_000], end };
    const early = { maxSilentMs: 0, staleAfterMs: 389_999 };

    expect(verdictOf(seen, early)).toEqual({ is: 'unsure', by: 'stale', atMs: 399_999 });
    expect(verdictOf(seen, { ...early, staleAfterMs: 390_000 })).toMatchObject({ is: 'noticed' });
  });

  test('is unsure of a worker whose output nobody recorded', () => {
    const printing: Life = { ...life, spawnedMs: 0 };

    expect(verdictOf(printing, { maxSilentMs: 0, staleAfterMs: 20_000 })).toMatchObject({
      is: 'unsure',
      by: 'stale',
    });
  });
});

describe('a run whose beats were thinned out', () => {
  const at = (ms: number) => storyAtMs + ms;
  const thinned = { count: 9, firstAt: at(5_000), lastAt: at(100_000), maxGapMs: 40_000 };
  const life: Life = { thinned, end: [110_000, done] };

  test('is judged by its longest silence', () => {
    expect(traceOf(life)).toMatchObject({ isThinned: true, lastSignMs: 110_000 });
    expect(verdictOf(life, { claimTtlMs: 40_000 })).toEqual({ is: 'left' });
    expect(verdictOf(life, { claimTtlMs: 24_000 })).toMatchObject({ is: 'false', atMs: 84_000 });
  });

  test('is not taken for one when its beats are there', () => {
    const kept = { ...life, beatsMs: Array.from({ length: 9 }, (_, index) => index * 10_000) };

    expect(traceOf(kept).isThinned).toBe(false);
  });
});

test('the terms that a claim recorded are those that its run is judged by', () => {
  expect(traceOf({ end: [1_000, done] }).terms).toEqual(terms);
});
