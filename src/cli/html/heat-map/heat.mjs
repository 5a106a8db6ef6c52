// @ts-check
/** How hot a figure is. */

/** Number of heats; each has a class in the style. */
export const heats = 8;

/**
 * The heat of a figure, 0 to `heats - 1`: by its magnitude, since costs differ by powers of ten.
 * The least is coldest and the most is hottest; where all are the same, all are cold.
 *
 * @param {number} value
 * @param {{ least: number, most: number }} extent
 */
export function heatOf(value, { least, most }) {
  if (most === least) return 0;
  const floor = Math.max(least, most / 1_000);
  const share = Math.log(Math.max(value, floor) / floor) / Math.log(most / floor);
  const heat = Math.floor(share * heats);
  return value === least ? 0 : Math.min(Math.max(heat, 1), heats - 1);
}
