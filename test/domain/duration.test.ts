/** Durations as people write them. */
import { describe, expect, it } from 'vitest';
import { parseDurationMs } from '../../src/domain/duration.ts';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['1.5 m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each(['soon', '-5s', '', '5 weeks'])('%j is none', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });
});
