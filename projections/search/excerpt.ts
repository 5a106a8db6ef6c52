/**
 * The piece of a text that shows why it was found. Not by SQLite's `snippet` and `highlight`: they
 * take time with the square of the matches, and a log of 1 MiB in the body of one task has
 * thousands of words that begin with the letter somebody just typed (66 s, measured).
 */

/** Longest piece, in characters, and how much of it stands before the first word. */
const charsMax = 120;
const charsBefore = 40;

/** Matches looked at in one text: enough to find words together that often stand alone. */
const matchesMax = 1_000;

/** A character of a word, as SQLite's tokenizer has it. */
const inWord = String.raw`[\p{L}\p{N}\p{Co}\p{M}]`;

/** Where words stand in a text, and how many different ones there are. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly words: number;
}

/**
 * Prepares to cut pieces out of texts, around words; each stands for all that begin like it,
 * whatever their capitals and accents. Answers the piece with the most of them together, of the
 * first text that has so many; they stand between « and ». Without any, how the first text begins.
 */
export function createExcerpt(words: readonly string[]): (texts: readonly string[]) => string {
  const matcher = matcherOf([...new Set(words.flatMap(partsOf))]);

  return (texts) => {
    const places = texts.map((text) => {
      const plain = text.normalize('NFD');
      return { plain, place: bestPlace(plain, matcher) };
    });
    const best = places.reduce(
      (most, each) => (each.place.words > most.place.words ? each : most),
      places[0] ?? { plain: '', place: nowhere },
    );
    return cut(best.plain, best.place, matcher).normalize('NFC');
  };
}

const nowhere: Place = { from: 0, to: 0, words: 0 };

/** What the tokenizer makes of a word: its letters and digits, without accents. */
function partsOf(word: string): readonly string[] {
  const bare = word.normalize('NFD').replace(/\p{M}/gu, '');
  return bare.toLowerCase().match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];
}

/** One group for each word, whose letters may have accents. Of no words, nothing matches. */
function matcherOf(words: readonly string[]): RegExp {
  const accented = words.map((word) => [...word].map((letter) => `${letter}\\p{M}*`).join(''));
  const groups = accented.map((word) => `(${word})`).join('|') || '(?!)';
  return new RegExp(`(?<!${inWord})(?:${groups})${inWord}*`, 'giu');
}

/** The first place with the most different words within a piece. */
function bestPlace(text: string, matcher: RegExp): Place {
  let best = nowhere;
  let near: { readonly from: number; readonly word: number }[] = [];
  let matches = 0;
  for (const match of text.matchAll(matcher)) {
    const to = match.index + match[0].length;
    near = near.filter(({ from }) => to - from <= charsMax - charsBefore);
    near.push({ from: match.index, word: match.findIndex((group, at) => at > 0 && group) });
    const words = new Set(near.map(({ word }) => word)).size;
    if (words > best.words) best = { from: near[0]?.from ?? 0, to, words };
    matches += 1;
    if (matches === matchesMax || best.words === match.length - 1) break;
  }
  return best;
}

/** The piece around a place, between white space if there is any near; never without its word. */
function cut(text: string, { from }: Place, matcher: RegExp): string {
  const early = Math.max(0, from - charsBefore);
  const late = early + charsMax;
  const begin = early === 0 ? 0 : early + Math.max(0, text.slice(early, from).search(/\s\S/) + 1);
  const end = late >= text.length ? text.length : from + lastSpace(text.slice(from, late));
  const piece = text.slice(begin, end).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
  const marked = piece.replace(matcher, '«$&»');
  return `${begin > 0 ? '…' : ''}${marked}${end < text.length ? '…' : ''}`;
}

/** Where the last white space of a text begins; its end if there is none. */
function lastSpace(text: string): number {
  const at = text.search(/\s\S*$/);
  return at <= 0 ? text.length : at;
}
