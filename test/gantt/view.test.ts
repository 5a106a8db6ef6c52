/** The stretch of time that a chart shows, and how it moves. */
import { describe, expect, test } from 'vitest';
import { anchorOf, followed, within, zoomed } from '../../src/gantt/view.mjs';

const whole = { fromAtMs: 0, toAtMs: 1_000 };

describe('zooming', () => {
  test('leaves the moment under the pointer where it is', () => {
    const closer = zoomed(whole, 1 / 2, 250, whole);
    expect(closer).toEqual({ fromAtMs: 125, toAtMs: 625 });
  });

  test.each([
    ['the mark that was chosen', { atMs: 900, position: 1 }, 900],
    ['the beginning of the stretch that was chosen', { fromAtMs: 300, toAtMs: 400 }, 300],
    ['the middle, when what was chosen is out of sight', { atMs: 1_001 }, 500],
    ['the middle, when nothing was chosen', undefined, 500],
  ])('by keys leaves %s where it is', (_, pointed, anchor) => {
    expect(anchorOf(whole, pointed)).toBe(anchor);
  });
});

describe('a view', () => {
  test('of everything goes on being one, and one that was moved stays', () => {
    const later = { fromAtMs: 0, toAtMs: 1_200 };
    expect(followed(whole, whole, later)).toEqual(later);
    const early = { fromAtMs: 100, toAtMs: 300 };
    expect(followed(early, whole, later)).toEqual(early);
  });

  test.each([
    [
      { fromAtMs: -20, toAtMs: 500 },
      { fromAtMs: 0, toAtMs: 500 },
    ],
    [
      { fromAtMs: 400, toAtMs: 1_020 },
      { fromAtMs: 400, toAtMs: 1_000 },
    ],
    [
      { fromAtMs: 1_100, toAtMs: 1_200 },
      { fromAtMs: 999, toAtMs: 1_000 },
    ],
  ])('of %j has something in %j', (view, span) => {
    expect(within(view, whole)).toEqual(span);
  });
});
