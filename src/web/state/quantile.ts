/** Shares of sorted figures. */

/** The smallest figure that so large a share of all is not above; 0 of none. */
export function quantile(sorted: readonly number[], share: number): number {
  const index = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? 0;
}
