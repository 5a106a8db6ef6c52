/**
 * Chance from a seed: the same seed draws the same numbers, for ever and on every machine.
 *
 * Everybody in a simulation draws from a source of their own, forked by name, so that one draw more
 * in one place does not change what happens in all the others.
 */

/** A source of chance. */
export interface Chance {
  /** From 0 (inclusive) to 1 (exclusive). */
  float(): number;
  /** A number from `from` (inclusive) to `to` (exclusive). */
  between(from: number, to: number): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** One of the names, as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /** A source of its own for somebody: it depends on the seed and the name alone. */
  fork(name: string): Chance;
}

/** The source of a seed, which may be any text. */
export function createChance(seed: string): Chance {
  let state = hashOf(seed);

  /** Mulberry32: small, fast, and good enough to decide when something breaks. */
  function float(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new Error('there is nothing to pick from');
    return values[Math.floor(float() * values.length)] as T;
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
    whole: (from, to) => from + Math.floor(float() * (to - from + 1)),
    happens: (probability) => float() < probability,
    pick,
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
