/** Policies over many runs: counted, weighed, and the best one found. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreementOf } from '../../../src/domain/what-if/agreement.ts';
import { bestOf, currentAmong } from '../../../src/domain/what-if/best.ts';
import { judge, type Verdict } from '../../../src/domain/what-if/judge.ts';
import { costMs, scoreOf } from '../../../src/domain/what-if/score.ts';
import type { Trace } from '../../../src/domain/what-if/trace.ts';
import { type Axis, type TriedKey, trialsOf } from '../../../src/domain/what-if/trial.ts';
import { unknownsOf } from '../../../src/domain/what-if/unknowns.ts';
import { endings } from '../../kit/a-run.ts';
import { storyAtMs } from '../../kit/given.ts';
import { chosenSeed } from '../../kit/seed.ts';
import { done, type Life, lost, reclaimed, terms, traceOf } from './a-past.ts';

const untilMs = storyAtMs + 3_600_000;
const axes: readonly Axis[] = [{ key: 'claimTtlMs', values: [20_000, 60_000, 120_000, 240_000] }];
const trials = trialsOf(axes);

const healthy: Life = { beatsMs: [55_000], end: [100_000, done] };
const slow: Life = { beatsMs: [55_000], end: [115_000, reclaimed('outside')], refusedMs: 230_000 };
const dead: Life = { beatsMs: [15_000], end: [75_000, reclaimed('outside')] };
const traces = [healthy, slow, dead].map((life) => traceOf(life, trials));

function scores(weighMs = 600_000) {
  const all = trials.map((trial) => scoreOf(traces, trial, untilMs));
  return { all, best: bestOf(all, { axes, current: terms, weighMs }) };
}

describe('a policy over all runs', () => {
  test('is counted run by run', () => {
    expect(scores().all).toMatchObject([
      { falseReclaims: 2, unsure: 0, noticed: 1, idleMs: 20_000, lostMs: 20_000 + 20_000 },
      { falseReclaims: 1, unsure: 0, noticed: 1, idleMs: 60_000, lostMs: 115_000, left: 1 },
      { falseReclaims: 1, noticed: 1, idleMs: 120_000, lostMs: 175_000, left: 1 },
      { falseReclaims: 0, noticed: 1, idleMs: 240_000, lostMs: 0, left: 2, example: null },
    ]);
  });

  test('costs what it leaves idle, throws away, and what a false reclaim is weighed at', () => {
    const [first] = scores().all;

    expect(first && costMs(first, 600_000)).toBe(20_000 + 40_000 + 2 * 600_000);
    expect(first && costMs(first, 0)).toBe(60_000);
  });

  test('that never notices a dead worker leaves its task idle until now', () => {
    const hung = traceOf({
      spawnedMs: 0,
      end: [
        900_000,
        { ...endings.RunWentStale, data: { ...endings.RunWentStale.data, silentMs: 900_000 } },
      ],
    });

    expect(scoreOf([hung], { staleAfterMs: 0 }, untilMs)).toMatchObject({
      missed: 1,
      noticed: 0,
      idleMs: 3_600_000,
    });
  });
});

describe('the best policy', () => {
  test('is the one that costs least, which depends on what a false reclaim is worth', () => {
    expect(scores().best).toMatchObject({
      index: 3,
      isTie: false,
      longer: [],
      shorter: [{ key: 'claimTtlMs', index: 2 }],
    });
    expect(scores(0).best).toMatchObject({ index: 0 });
  });

  test('stays where it is when nothing tells the policies apart', () => {
    const all = trials.map((trial) => scoreOf([], trial, untilMs));

    expect(bestOf(all, { axes, current: terms, weighMs: 1 })).toMatchObject({
      index: 1,
      isTie: true,
    });
    expect(currentAmong(all, terms)).toBe(1);
    expect(currentAmong(all, { ...terms, claimTtlMs: 7 })).toBeUndefined();
  });

  test('has neighbours on every axis', () => {
    const two: readonly Axis[] = [...axes, { key: 'crashGraceMs', values: [0, 30_000, 60_000] }];
    const all = trialsOf(two).map((trial) => scoreOf([], trial, untilMs));
    const best = bestOf(all, { axes: two, current: terms, weighMs: 1 });

    expect(all).toHaveLength(12);
    expect(best).toMatchObject({
      index: 4,
      shorter: [
        { key: 'claimTtlMs', index: 1 },
        { key: 'crashGraceMs', index: 3 },
      ],
      longer: [
        { key: 'claimTtlMs', index: 7 },
        { key: 'crashGraceMs', index: 5 },
      ],
    });
  });
});

describe('the model beside the log', () => {
  test('gives up whom the policy of the time gave up, at that time', () => {
    const gone = traceOf({ spawnedMs: 0, end: [100_000, lost] });
    const all = [...traces, gone];

    expect(agreementOf(all)).toMatchObject({
      givenUp: 3,
      givenUpByBoth: 3,
      onlyByModel: 0,
      falseReclaims: 1,
      latenessMedianMs: 0,
    });
  });

  test('says so when nobody was there to look', () => {
    const unwatched = traceOf({ beatsMs: [200_000], end: [210_000, done] });

    expect(agreementOf([unwatched])).toMatchObject({ givenUp: 0, onlyByModel: 1 });
  });
});

test('what cannot be known is counted', () => {
  const more = [
    traceOf({ spawnedMs: 0, end: [5_000, done] }, trials),
    traceOf({ ttlMs: 1_000 }, trials),
    traceOf({ end: [9_000, endings.RunCanceled] }, trials),
    traceOf({ spawnedMs: 0, end: [9_000, lost] }, trials),
  ];
  const all = [...traces, ...more];
  const given = trials.map((trial) => scoreOf(all, trial, untilMs));

  expect(unknownsOf(all, trials, given)).toEqual({
    outside: 5,
    local: 2,
    ownLease: 1,
    thinned: 0,
    tooShort: 1,
    open: 1,
    cut: 1,
    cameBack: 1,
    gone: 1,
    unsure: 0,
  });
});

describe('for any life', () => {
  const ms = fc.integer({ min: 0, max: 900_000 });
  const moments = fc.array(ms, { maxLength: 12 }).map((all) => all.toSorted((a, b) => a - b));
  const ends = fc.constantFrom(
    done,
    lost,
    reclaimed('outside'),
    reclaimed('here'),
    endings.RunCanceled,
    endings.RunWentStale,
  );
  const anyLife: fc.Arbitrary<Life> = fc
    .record({
      beatsMs: moments,
      extendedMs: moments,
      spawnedMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
      end: fc.tuple(ms, ends),
      lateMs: fc.option(ms, { nil: undefined }),
    })
    .map(({ end: [afterMs, event], lateMs, spawnedMs, ...life }) => {
      const lastMs = Math.max(spawnedMs ?? 0, ...life.beatsMs, ...life.extendedMs);
      const endMs = lastMs + afterMs;
      const late = lateMs === undefined ? {} : { refusedMs: endMs + lateMs };
      const spawned = spawnedMs === undefined ? {} : { spawnedMs };
      return { ...life, ...spawned, ...late, end: [endMs, event] };
    });
  const keys: readonly TriedKey[] = [
    'claimTtlMs',
    'crashGraceMs',
    'launchLeaseMs',
    'maxSilentMs',
    'staleAfterMs',
  ];

  test('a longer value never adds a false reclaim and never notices sooner', () => {
    const value = fc.integer({ min: 1, max: 1_200_000 });
    fc.assert(
      fc.property(anyLife, fc.constantFrom(...keys), value, value, (life, key, one, other) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)];
        const trace = traceOf(life, [{ [key]: short }, { [key]: long }]);
        const shorter = judge(trace, { ...terms, [key]: short });
        const longer = judge(trace, { ...terms, [key]: long });
        expect(harm(longer)).toBeLessThanOrEqual(harm(shorter));
        if (shorter.is === 'noticed' && longer.is === 'noticed') {
          expect(longer.delayMs).toBeGreaterThanOrEqual(shorter.delayMs);
        }
      }),
      { ...chosenSeed, numRuns: 5_000 },
    );
  });

  test('who is let work loses nothing, and who is given up is given up while it is known', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const trace: Trace = traceOf(life, [{ claimTtlMs: 1 }]);
        const verdict = judge(trace, { ...terms, claimTtlMs: 1 });
        if (verdict.is !== 'false' && verdict.is !== 'unsure') return;
        expect(verdict.atMs).toBeLessThan(Math.max(trace.endMs, trace.backMs ?? 0));
      }),
      { ...chosenSeed, numRuns: 1_000 },
    );
  });
});

/** Whether life was ended, or may have been: a sure one may become unsure, as the lease grows. */
function harm({ is }: Verdict): number {
  return is === 'false' || is === 'unsure' ? 1 : 0;
}
