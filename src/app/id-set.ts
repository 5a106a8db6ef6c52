/**
 * Which event ids there were. A UUID is four numbers in one flat table, which no garbage collector
 * looks at; a million of them as strings in a `Set` cost it seconds.
 */

/** A set that only grows. */
export interface IdSet {
  /** Adds an id; false when it was there already. */
  add(id: string): boolean;
}

/** Numbers that a UUID consists of. */
const words = 4;

/** Slots of the empty table; a power of two, like every later size. */
const slotsAtFirst = 1 << 12;

const uuidLength = 36;

/** Makes an empty set. Other ids than UUIDs in lower case are held as they are. */
export function createIdSet(): IdSet {
  const others = new Set<string>();
  const id = new Int32Array(words);
  let table = new Int32Array(slotsAtFirst * words);
  let count = 0;
  let hasZero = false;

  function add(text: string): boolean {
    if (!parseUuid(text, id)) return others.size !== others.add(text).size;
    // A slot of zeros is a free one, so this id cannot have a slot.
    if (isZero(id, 0)) {
      const isNew = !hasZero;
      hasZero = true;
      return isNew;
    }
    if (!put(table, id, 0)) return false;
    count += 1;
    if (count * words * 2 > table.length) grow();
    return true;
  }

  function grow(): void {
    const old = table;
    table = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += words) if (!isZero(old, at)) put(table, old, at);
  }

  return { add };
}

/** Puts an id into its slot, or the next free one; false when it is there. */
function put(table: Int32Array, from: Int32Array, start: number): boolean {
  const mask = table.length / words - 1;
  // Some UUIDs begin with the time and some end with it: a slot comes from both ends.
  let slot = Math.imul(from[start]! ^ from[start + 3]!, 0x9e3779b1) >>> 0;
  slot ^= slot >>> 15;
  for (slot &= mask; ; slot = (slot + 1) & mask) {
    const at = slot * words;
    if (isZero(table, at)) {
      for (let word = 0; word < words; word += 1) table[at + word] = from[start + word]!;
      return true;
    }
    if (isSame(table, at, from, start)) return false;
  }
}

function isZero(table: Int32Array, at: number): boolean {
  return (table[at]! | table[at + 1]! | table[at + 2]! | table[at + 3]!) === 0;
}

function isSame(table: Int32Array, at: number, other: Int32Array, from: number): boolean {
  for (let word = 0; word < words; word += 1) {
    if (table[at + word] !== other[from + word]) return false;
  }
  return true;
}

/** Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` into four numbers; false when it is not that. */
function parseUuid(text: string, into: Int32Array): boolean {
  if (text.length !== uuidLength) return false;
  let digits = 0;
  let word = 0;
  for (let index = 0; index < uuidLength; index += 1) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== dash) return false;
      continue;
    }
    const digit = digitOf(code);
    if (digit < 0) return false;
    word = (word << 4) | digit;
    digits += 1;
    if (digits % 8 === 0) into[digits / 8 - 1] = word;
  }
  return true;
}

const dash = 45;

/** The value of a hexadecimal digit in lower case; -1 for anything else. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
