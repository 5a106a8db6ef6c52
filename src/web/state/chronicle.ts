/**
 * What happened when: the clock of every position of the log, and the events at which somebody who
 * watches wants to stop. A clock that was set back stands still here until it has caught up.
 */
import { type TurningPoint, turningPointsOf } from '../../domain/turning-point.ts';
import type { LoggedEvent } from './logged.ts';

/** The log from one position on, as far as it was read. */
export interface Chronicle {
  /** The first position, and the last one that was read; `first - 1` before any was. */
  readonly first: number;
  last(): number;
  /** The clock of the board at a position, UTC ms; that of the nearest one that was read. */
  atMs(position: number): number;
  /** The last position at which the clock had not passed a moment, no earlier than the first. */
  positionAt(atMs: number): number;
  /** The next (or, with -1, the one before) event of one of these kinds. */
  nextTurn(from: number, kinds: readonly TurningPoint[], way?: 1 | -1): Turn | undefined;
  /** Every event to stop at, in order. */
  readonly turns: readonly Turn[];
  /** Takes the next event; an earlier one is left out. Where none stands, the clock stands. */
  add(event: LoggedEvent): void;
}

/** An event to stop at. */
export interface Turn {
  readonly position: number;
  readonly kinds: readonly TurningPoint[];
}

/** A chronicle without events, beginning at a position. */
export function createChronicle(first: number): Chronicle {
  const moments: number[] = [];
  const turns: Turn[] = [];
  const last = () => first - 1 + moments.length;
  const momentOf = (index: number) =>
    moments[Math.min(Math.max(0, index), moments.length - 1)] ?? 0;

  return {
    first,
    last,
    turns,
    atMs: (position) => momentOf(position - first),
    positionAt(atMs) {
      let [low, high] = [0, moments.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (momentOf(middle) <= atMs) low = middle + 1;
        else high = middle;
      }
      return Math.max(first, first + low - 1);
    },
    nextTurn(from, kinds, way = 1) {
      const wanted = (turn: Turn) => kinds.some((kind) => turn.kinds.includes(kind));
      return way === 1
        ? turns.find((turn) => turn.position > from && wanted(turn))
        : turns.findLast((turn) => turn.position < from && wanted(turn));
    },
    add(event) {
      if (event.position <= last()) return;
      const before = moments.at(-1) ?? event.recordedAtMs;
      while (last() < event.position - 1) moments.push(before);
      moments.push(Math.max(before, event.recordedAtMs));
      const kinds = turningPointsOf(event);
      if (kinds.length > 0) turns.push({ position: event.position, kinds });
    },
  };
}

/** A part of a chronicle, and how busy the log was in it: 0 to 1; 0 where it was not read. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly busy: number;
}

/** The least height of what was read: quiet, but there. */
const leastBusy = 0.12;

/**
 * How busy the log was between its first position and `last`, in at most so many stretches of as
 * many positions. Between the quietest and the busiest, ten times as many events in the same time
 * are one step up, so that one burst does not flatten all the rest.
 */
export function busyness(chronicle: Chronicle, last: number, most: number): readonly Stretch[] {
  const { first } = chronicle;
  const count = Math.max(1, Math.min(most, last - first));
  const at = (index: number) => first + ((last - first) * index) / count;
  const parts = Array.from({ length: count }, (_, index) => {
    const [from, to] = [at(index), at(index + 1)];
    if (to > chronicle.last()) return { from, to, rate: undefined };
    const tookMs = chronicle.atMs(Math.round(to)) - chronicle.atMs(Math.round(from));
    return { from, to, rate: Math.log10((to - from) / Math.max(1, tookMs)) };
  });
  const rates = parts.flatMap(({ rate }) => rate ?? []);
  const least = rates.reduce((one, other) => Math.min(one, other), 0);
  const wide = rates.reduce((one, other) => Math.max(one, other), least) - least;
  return parts.map(({ from, to, rate }) => {
    if (rate === undefined) return { from, to, busy: 0 };
    const share = wide === 0 ? 0.5 : (rate - least) / wide;
    return { from, to, busy: leastBusy + (1 - leastBusy) * share };
  });
}

/** The kinds to stop at as people read them. */
export const turnWords: Readonly<Record<TurningPoint, string>> = {
  reclaim: 'reclaim',
  refused: 'refused write',
  failure: 'failure',
  human: 'person',
};
