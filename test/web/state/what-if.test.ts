/** What may be typed into the form of another policy, and how the answer is told. */
import { describe, expect, test } from 'vitest';
import { axesOf, judgedRows, type PolicyDocument } from '../../../src/web/state/what-if.ts';

describe('values to try', () => {
  test('are durations, one or several', () => {
    expect(axesOf({ claimTtlMs: '30s, 5m', crashGraceMs: ' 0 ', maxSilentMs: '' })).toEqual({
      axes: { claimTtlMs: [30_000, 300_000], crashGraceMs: [0] },
    });
  });

  test.each([
    [{}, 'Give at least one value to try.'],
    [{ claimTtlMs: ' , ' }, 'Give at least one value to try.'],
    [{ claimTtlMs: '5m, soon' }, '“soon” is no duration; write 30s, 5m or 1h.'],
  ])('%j are answered with: %s', (typed, says) => {
    expect(axesOf(typed)).toBe(says);
  });
});

describe('policies that were judged', () => {
  const figures = { falseReclaims: 1, unsure: 0, noticed: 3, missed: 0, delayMedianMs: 4_000 };
  const times = { lostMs: 0, unsureLostMs: 0, idleMs: 60_000 };
  const judged = (ms: number, costMs: number, more: Partial<PolicyDocument> = {}) => {
    const policy = { claimTtlMs: ms };
    return { policy, isInForce: false, isBest: false, costMs, ...figures, ...times, ...more };
  };
  const policies = [
    judged(30_000, 900_000, { unsure: 2, lostMs: 1_000, unsureLostMs: 2_000 }),
    judged(900_000, 120_000, { isInForce: true, delayMedianMs: null, missed: 1 }),
    judged(300_000, 90_000, { isBest: true }),
    judged(0, 950_000),
  ];
  const answer = { runs: 9, policies, best: null, unknown: [] };

  test('stand with the one in force first, then the cheapest', () => {
    const rows = judgedRows(answer, 2);
    expect(rows.map(({ cells, isInForce, isBest }) => [cells[0], isInForce, isBest])).toEqual([
      ['claim-ttl 15 m', true, false],
      ['claim-ttl 5 m', false, true],
      ['claim-ttl 30 s', false, false],
    ]);
  });

  test('say what is unsure, what was missed, and nothing where there is nothing', () => {
    expect(judgedRows(answer, 9).map(({ cells }) => cells.slice(1))).toEqual([
      ['1', '3 of 4', '–', '0', '1 m', '2 m'],
      ['1', '3', '4 s', '0', '1 m', '1 m 30 s'],
      ['1 to 3', '3', '4 s', '3 s', '1 m', '15 m'],
      ['1', '3', '4 s', '0', '1 m', '15 m 50 s'],
    ]);
  });
});
