/** Which position a point of the past means. */
import { describe, expect, test } from 'vitest';
import {
  type PastPoint,
  positionAt,
  type RangeWanted,
  rangeOf,
} from '../../src/app/position-at.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { anEvent } from '../log/an-event.ts';

const nowMs = 1_000;

/** A log whose events were recorded at these times. */
async function logRecordedAt(...timesMs: readonly number[]) {
  let atMs = 0;
  const log = createMemoryLog({ clock: { nowMs: () => atMs }, epoch: 'epoch-1' });
  for (const each of timesMs) {
    atMs = each;
    await log.append([{ stream: 'note-1', expected: 'any', events: [anEvent()] }]);
  }
  return log;
}

async function placeIn(timesMs: readonly number[], point: PastPoint) {
  return positionAt(await logRecordedAt(...timesMs), point, nowMs);
}

async function rangeIn(timesMs: readonly number[], range: RangeWanted) {
  return rangeOf(await logRecordedAt(...timesMs), range, nowMs);
}

describe('a point', () => {
  test('that is a position was when its event was recorded', async () => {
    expect(await placeIn([10, 20, 30], { position: 2 })).toMatchObject({ position: 2, atMs: 20 });
  });

  test.each([
    [10, 1],
    [19, 1],
    [20, 2],
    [29, 2],
    [30, 3],
    [1_000, 3],
  ])('that is the time %i is after the last event recorded by then', async (atMs, position) => {
    expect(await placeIn([10, 20, 30], { atMs })).toMatchObject({ position, atMs });
  });

  test('that is a time comes after all events recorded in that very moment', async () => {
    expect(await placeIn([10, 20, 20, 20, 30], { atMs: 20 })).toMatchObject({ position: 4 });
  });

  test('that is a time is where the clock passed it, also when it was stepped back', async () => {
    const timesMs = [100, 200, 300, 110, 210, 310];
    const { position } = (await placeIn(timesMs, { atMs: 205 })) as { position: number };
    expect(timesMs[position - 1]).toBeLessThanOrEqual(205);
    expect(timesMs[position]).toBeGreaterThan(205);
  });

  test('stays where it is when the log grows, also where the clock was stepped back', async () => {
    const later = Array.from({ length: 30 }, (_, index) => 400 + index);
    const timesMs = [100, 200, 300, 110, 210, 310, ...later];
    for (let length = 6; length <= timesMs.length; length += 1) {
      const place = await placeIn(timesMs.slice(0, length), { atMs: 205 });
      expect(place).toMatchObject({ position: 4 });
    }
  });

  test.each<[string, PastPoint, string]>([
    ['a position after the last event', { position: 4 }, 'beyond_head'],
    ['a time that is still to come', { atMs: nowMs + 1 }, 'beyond_head'],
    ['position 0', { position: 0 }, 'before_first_event'],
    ['a time before the first event', { atMs: 9 }, 'before_first_event'],
  ])('is refused: %s', async (_, point, code) => {
    expect(await placeIn([10, 20, 30], point)).toMatchObject({ refused: true, code });
  });

  test('is refused where nothing has happened yet', async () => {
    const refusal = { refused: true, code: 'before_first_event' };
    expect(await placeIn([], { atMs: 5 })).toMatchObject(refusal);
  });
});

describe('a range', () => {
  test.each<[string, RangeWanted, object]>([
    ['without ends is the whole log', {}, { first: 1, last: 4, fromAtMs: 10, toAtMs: 40 }],
    ['begins with the first event recorded from then on', { from: { atMs: 20 } }, { first: 2 }],
    ['ends with the last event recorded by then', { to: { atMs: 39 } }, { last: 3, toAtMs: 39 }],
    ['of one position is one event', { from: { position: 2 }, to: { position: 2 } }, { first: 2 }],
    ['from before the first event begins with it', { from: { atMs: 1 } }, { first: 1 }],
    ['mixes times and positions', { from: { atMs: 15 }, to: { position: 3 } }, { last: 3 }],
  ])('%s', async (_, range, expected) => {
    expect(await rangeIn([10, 20, 30, 40], range)).toMatchObject({ refused: false, ...expected });
  });

  test.each<[string, RangeWanted, string]>([
    ['times the wrong way round', { from: { atMs: 30 }, to: { atMs: 20 } }, 'range_swapped'],
    [
      'positions the wrong way round',
      { from: { position: 3 }, to: { position: 2 } },
      'range_swapped',
    ],
    ['times between two events', { from: { atMs: 21 }, to: { atMs: 29 } }, 'range_empty'],
    ['a beginning after the last event', { from: { atMs: 41 } }, 'range_empty'],
    ['an end before the first event', { to: { atMs: 9 } }, 'before_first_event'],
    ['an end beyond the log', { to: { position: 5 } }, 'beyond_head'],
    ['a beginning still to come', { from: { atMs: nowMs + 1 } }, 'beyond_head'],
  ])('is refused: %s', async (_, range, code) => {
    expect(await rangeIn([10, 20, 30, 40], range)).toMatchObject({ refused: true, code });
  });
});
