/** The axis of time: round moments, in order, never more than fit, each with a label of its own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, momentText, ticksBetween } from '../../src/gantt/ticks.mjs';
import { chosenSeed } from '../kit/seed.ts';

const start = Date.UTC(2026, 10, 20, 23, 50);

describe('an axis', () => {
  test.each<[span: string, ms: number, labels: readonly string[]]>([
    ['20 ms', 20, ['20 Nov', '23:50:00.005', '23:50:00.010', '23:50:00.015', '23:50:00.020']],
    ['20 s', 20_000, ['23:50:00', '23:50:05', '23:50:10', '23:50:15', '23:50:20']],
    ['20 min', 1_200_000, ['23:50', '23:55', '21 Nov', '00:05', '00:10']],
    ['3 days', 3 * 86_400_000, ['21 Nov', '22 Nov', '23 Nov']],
  ])('of %s has round moments', (_span, spanMs, labels) => {
    const ticks = ticksBetween(start, start + spanMs, 5);
    const said = ticks.map(({ label }) => label);

    expect(said.slice(1)).toEqual(labels.slice(1));
  });

  test('never has more marks than fit, and they are in order and within', () => {
    const anySpan = fc.integer({ min: 5, max: 10 * 365 * 86_400_000 });
    const anyStart = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(anyStart, anySpan, fc.integer({ min: 1, max: 20 }), (fromMs, spanMs, atMost) => {
        const moments = ticksBetween(fromMs, fromMs + spanMs, atMost).map(({ atMs }) => atMs);
        expect(moments.length).toBeLessThanOrEqual(atMost + 1);
        expect(moments).toEqual([...new Set(moments)].sort((one, other) => one - other));
        expect(moments.every((atMs) => atMs >= fromMs && atMs <= fromMs + spanMs)).toBe(true);
      }),
      chosenSeed,
    );
  });

  test('goes by the clock on the wall', () => {
    const ahead = () => 2 * 3_600_000;
    const day = ticksBetween(start, start + 3 * 3_600_000, 4, ahead).map(({ label }) => label);

    expect(day).toEqual(['02:00', '03:00', '04:00']);
    expect(momentText(start, ahead)).toBe('21 Nov 2026 01:50:00');
  });
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [4_250, '4.2 s'],
  [200_000, '3 m 20 s'],
  [7_500_000, '2 h 5 m'],
  [273_600_000, '3 d 4 h'],
])('%i ms are said as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
