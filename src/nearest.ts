/** Did you mean …? The one place that measures how far two words are apart. */
import { closest, distance } from 'fastest-levenshtein';

/** The known word that was probably meant; undefined when none is near. Case does not matter. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [wanted, ...candidates] = [word, ...known].map((each) => each.toLowerCase());
  if (wanted === undefined || candidates.length === 0) return undefined;
  const found = closest(wanted, candidates);
  const isNear = distance(wanted, found) <= Math.max(2, wanted.length / 2);
  return isNear ? known[candidates.indexOf(found)] : undefined;
}

/** "Did you mean X?", or all that is known. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? `Known: ${known.join(', ')}.` : `Did you mean ${meant}?`;
}
