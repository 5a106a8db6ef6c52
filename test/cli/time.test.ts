/** Times and durations at the door. */
import { describe, expect, test } from 'vitest';
import {
  clockTime,
  parseDuration,
  parseTime,
  relativeTime,
  shortDuration,
  timeLeft,
} from '../../src/cli/time.ts';
import { isoTime } from '../../src/wire/iso-time.ts';

/** Half past ten, local time, whatever the zone of this machine. */
const nowMs = new Date(2026, 10, 21, 10, 30).getTime();
const localMs = (hours: number, minutes: number, day = 21) =>
  new Date(2026, 10, day, hours, minutes).getTime();

test.each([
  [119, '1m'],
  [60, '1m'],
  [42, '42s'],
  [0, '0s'],
  // Words of the package that draws the bar, before anything has been done.
  ['0', '?'],
  ['NULL', '?'],
  ['INF', '?'],
])('what is left of work is %j for people: %s', (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text);
});

describe('a duration', () => {
  test.each([
    ['90', 90_000],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    [' 2 h ', 7_200_000],
  ])('is read from %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 'soon', '5 minutes', '-5m', '1h30m', '5M', 'Infinity', '0x10'])(
    'is not read from %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test.each([
    [-5, '0s'],
    [999, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [3_599_999, '59m'],
    [86_399_999, '23h'],
    [86_400_000, '1d'],
    [70 * 86_400_000, '10w'],
  ])('of %d ms is said as %s', (ms, said) => {
    expect(shortDuration(ms)).toBe(said);
  });
});

describe('a moment', () => {
  test('is said as its distance from now', () => {
    expect(relativeTime(nowMs, nowMs)).toBe('now');
    expect(relativeTime(nowMs - 61_000, nowMs)).toBe('1m ago');
    expect(relativeTime(nowMs + 7_200_000, nowMs)).toBe('in 2h');
  });

  test('is said by the clock, with the date when it was another day', () => {
    expect(clockTime(localMs(9, 5), nowMs)).toBe('09:05:00');
    expect(clockTime(localMs(9, 5, 20), nowMs)).toBe('2026-11-20 09:05:00');
  });

  test('is ISO for programs, and nothing stays nothing', () => {
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(isoTime(null)).toBeNull();
    expect(isoTime(undefined)).toBeNull();
  });

  test.each([
    ['now', nowMs],
    ['2h', nowMs + 7_200_000],
    ['+90m', nowMs + 5_400_000],
    ['10:45', localMs(10, 45)],
    ['10:15', localMs(10, 15, 22)],
    ['9:00', localMs(9, 0, 22)],
    ['2026-11-25T08:00:00Z', Date.UTC(2026, 10, 25, 8)],
    ['2026-11-25T08:00+02:00', Date.UTC(2026, 10, 25, 6)],
    ['2026-11-25T08:00', localMs(8, 0, 25)],
    ['2026-11-25 08:00', localMs(8, 0, 25)],
    ['2026-11-25', localMs(0, 0, 25)],
  ])('is read from %j', (text, atMs) => {
    expect(parseTime(text, nowMs)).toBe(atMs);
  });

  test.each([
    '',
    'tomorrow',
    '25:00',
    '10:60',
    '2026-02-31',
    '2026-13-01',
    '20261125',
    '1700000000',
  ])('is not read from %j', (text) => {
    expect(parseTime(text, nowMs)).toBeUndefined();
  });
});
