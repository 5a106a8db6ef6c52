/** What people type for a moment of the past. */
import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { pastMoment } from '../../src/cli/past-moment.ts';

const now = new Date(2026, 4, 1, 12, 30);
const local = (...parts: [number, number, number, number?, number?]) =>
  new Date(...parts).getTime();

test.each([
  ['4711', 4_711],
  ['#4711', 4_711],
  ['0', 0],
])('%s is a position', (text, position) => {
  expect(pastMoment(text).from(now.getTime())).toEqual({ position });
});

test.each([
  ['10:02', local(2026, 4, 1, 10, 2)],
  ['12:30', local(2026, 4, 1, 12, 30)],
  ['12:31', local(2026, 3, 30, 12, 31)],
  ['-2h', local(2026, 4, 1, 10, 30)],
  ['2h ago', local(2026, 4, 1, 10, 30)],
  ['now', now.getTime()],
  ['2026-04-30', local(2026, 3, 30)],
  ['2026-04-30 23:59', local(2026, 3, 30, 23, 59)],
  ['2026-04-30T21:59:30Z', Date.UTC(2026, 3, 30, 21, 59, 30)],
])('%s is a time that is over', (text, atMs) => {
  expect(pastMoment(text).from(now.getTime())).toEqual({ atMs });
});

test.each(['', 'yesterday', '25:00', '2026-02-31', '+2h', '2h', '-5', '1e6', '4 711'])(
  '%j is nothing of the kind',
  (text) => {
    expect(() => pastMoment(text)).toThrow(InvalidArgumentError);
  },
);
