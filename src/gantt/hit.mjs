// @ts-check
/** What is at a moment of a row. */

/** @typedef {import('./rows.mjs').Row} Row */

/**
 * The index of the first item that is not before a moment.
 *
 * @template Item
 * @param {readonly Item[]} items in order of time
 * @param {number} atMs
 * @param {(item: Item) => number} momentOf
 */
export function firstFrom(items, atMs, momentOf) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (momentOf(/** @type {Item} */ (items[middle])) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The mark nearest to a moment, no farther than the slack.
 *
 * @param {Row} row
 * @param {number} atMs
 * @param {number} slackMs
 */
export function signAt({ signs }, atMs, slackMs) {
  const start = firstFrom(signs, atMs - slackMs, (sign) => sign.atMs);
  let found;
  for (const sign of signs.slice(start)) {
    if (sign.atMs > atMs + slackMs) break;
    const isNearer =
      found === undefined || Math.abs(sign.atMs - atMs) < Math.abs(found.atMs - atMs);
    if (isNearer) found = sign;
  }
  return found;
}

/**
 * The stretch at a moment; one too narrow to be pointed at is found from beside it.
 *
 * @param {Row} row
 * @param {number} atMs
 * @param {number} slackMs
 */
export function barAt({ bars }, atMs, slackMs) {
  const start = firstFrom(bars, atMs - slackMs, (bar) => bar.toAtMs);
  const near = [];
  for (const bar of bars.slice(start, start + 50)) {
    if (bar.fromAtMs > atMs + slackMs) break;
    near.push(bar);
  }
  const narrow = near.find((bar) => bar.toAtMs - bar.fromAtMs < slackMs);
  return narrow ?? near.find((bar) => bar.fromAtMs <= atMs && atMs <= bar.toAtMs);
}
