/** How a statement says how many rows it wants at most. */

/**
 * `LIMIT` to a bound parameter, such as `?` or `@limit`. With a bare parameter SQLite plans for its
 * value, and so prepares the statement anew whenever one is bound, which takes longer than most
 * reads (measured). The value of a sum it does not know beforehand.
 */
export function atMost(parameter: string): string {
  return `LIMIT ${parameter} + 0`;
}
