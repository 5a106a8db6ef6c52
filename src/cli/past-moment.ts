/** What people type for a moment of the past: a place in the log, or a time. */
import { InvalidArgumentError } from 'commander';
import type { PastPoint } from '../app/position-at.ts';
import { parsePastTime } from './time.ts';

/** A moment somebody typed. What it means depends on when now is. */
export interface PastMoment {
  /** As it was typed. */
  readonly text: string;
  /** The point it means, seen from `nowMs` (UTC ms). */
  from(nowMs: number): PastPoint;
}

/**
 * `4711` or `#4711` (a position), ISO time, `10:02` (the last one), `-2h` or `2h ago`. Throws
 * `InvalidArgumentError` for anything else.
 */
export function pastMoment(text: string): PastMoment {
  const position = /^#?(\d{1,15})$/.exec(text.trim())?.[1];
  if (position !== undefined) return { text, from: () => ({ position: Number(position) }) };
  if (parsePastTime(text, 0) === undefined) {
    throw new InvalidArgumentError(
      'Give a position (4711), ISO (2026-11-21T10:02), a clock time (10:02) or -2h.',
    );
  }
  return { text, from: (nowMs) => ({ atMs: parsePastTime(text, nowMs) ?? nowMs }) };
}
