/** Compares the gaps that a walk passes with what the events about them attest. */
import type { Position } from '../event-log.ts';
import { digestOf, type Gap, type Thinned, type ThinnedRange } from './thinned.ts';

/** The comparison of one walk. */
export class GapCheck {
  readonly #thinned: Thinned;
  readonly #ranges: readonly ThinnedRange[];
  readonly #gaps: Gap[] = [];
  #next = 0;

  /** For a walk that begins behind `start`: a range it does not see from its beginning is left. */
  constructor(thinned: Thinned, start: Position) {
    this.#thinned = thinned;
    this.#ranges = thinned.ranges().filter(({ from }) => from > start);
  }

  /** Takes a gap that was passed. */
  add(gap: Gap): void {
    this.#gaps.push(gap);
  }

  /**
   * Compares the ranges that end before a position; answers where the first one begins that
   * differs, undefined when none does.
   */
  differsBefore(position: Position): Position | undefined {
    for (let range = this.#ranges[this.#next]; range !== undefined; ) {
      if (range.upTo >= position) return undefined;
      const differs = this.#differs(range);
      if (differs !== undefined) return differs;
      this.#next += 1;
      range = this.#ranges[this.#next];
    }
    return undefined;
  }

  #differs(range: ThinnedRange): Position | undefined {
    const { from, upTo, digest } = range;
    const gaps = this.#gaps.filter(({ first }) => first > from && first <= upTo);
    if (digestOf(gaps) === digest) return undefined;
    // Thinned again while the walk was on its way: the next one compares it.
    const now = this.#thinned.ranges().find((other) => other.from === from);
    return now?.digest === digest ? (gaps[0]?.first ?? from) : undefined;
  }
}
