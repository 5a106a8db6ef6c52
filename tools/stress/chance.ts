/** Chance that a seed decides: the same seed draws the same numbers. */

/** Draws numbers, and from lists. */
export interface Chance {
  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** From `least` (inclusive) to `most` (exclusive). */
  between(least: number, most: number): number;
  /** One of them; undefined when there are none. */
  pick<T>(items: readonly T[]): T | undefined;
}

/** Marsaglia's xorshift, 32 bit, begun at a well mixed seed. */
export function createChance(seed: number): Chance {
  // Zero is the one state it never leaves.
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b) | 1;

  function next(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  }

  return {
    next,
    between: (least, most) => least + next() * (most - least),
    pick: (items) => items[Math.floor(next() * items.length)],
  };
}
