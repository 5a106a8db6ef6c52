/**
 * Chance from a seed: the same seed draws the same numbers, for ever and on every machine. What was
 * written about a seed of the simulation stays true only if no draw here ever changes.
 *
 * Whoever is to keep its numbers draws from a source of its own, forked by name, so that one draw
 * more in one place does not change what happens in all the others.
 */

/** A source of chance. */
export interface Chance {
  /** From 0 (inclusive) to 1 (exclusive). */
  float(): number;
  /** A number from `from` (inclusive) to `to` (exclusive). */
  between(from: number, to: number): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  /** A whole number from 0 (inclusive) to `end` (exclusive). */
  below(end: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  /** One of them. Throws when there are none. */
  pick<T>(values: readonly T[]): T;
  /** One of them; undefined, and nothing is drawn, when there are none. */
  pickIfAny<T>(values: readonly T[]): T | undefined;
  /** The same values in another order. */
  shuffled<T>(values: readonly T[]): T[];
  /** One of the names, as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /** A source of its own for somebody: it depends on the seed and the name alone. */
  fork(name: string): Chance;
}

/** The source of a seed, which may be any text; a number is taken for its digits. */
export function createChance(seed: string | number): Chance {
  let state = hashOf(String(seed));

  /** Mulberry32: small, fast, and good enough to decide when something breaks. */
  function float(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (end: number) => Math.floor(float() * end);

  function pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new Error('there is nothing to pick from');
    return values[below(values.length)] as T;
  }

  function shuffled<T>(values: readonly T[]): T[] {
    const drawn = values.map((value) => ({ value, at: float() }));
    return drawn.sort((one, other) => one.at - other.at).map(({ value }) => value);
  }

  function weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries(weights) as [Name, number][];
    let left = float() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return entries.at(-1)![0];
  }

  return {
    float,
    between: (from, to) => from + float() * (to - from),
    whole: (from, to) => from + below(to - from + 1),
    below,
    happens: (probability) => float() < probability,
    pick,
    pickIfAny: (values) => (values.length === 0 ? undefined : pick(values)),
    shuffled,
    weighted,
    fork: (name) => createChance(`${seed}/${name}`),
  };
}

/** FNV-1a with its bits mixed once more, so that neighbouring seeds begin far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
