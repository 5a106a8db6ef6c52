/** Chance that can be had again: the same seed gives the same row of numbers. */

/** The next number in [0, 1). */
export type Chance = () => number;

/** A row of numbers for a seed (mulberry32). */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number in [0, below). */
export function below(chance: Chance, limit: number): number {
  return Math.floor(chance() * limit);
}

/** The same things in another order. */
export function shuffled<T>(things: readonly T[], chance: Chance): T[] {
  const drawn = things.map((thing) => ({ thing, at: chance() }));
  return drawn.sort((one, other) => one.at - other.at).map(({ thing }) => thing);
}
