/** A duration in two units, as the options understand it: `1m30s`, `2h5m`, `450ms`, `0s`. */

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** The duration in its two largest units, rounded down. */
export function span(ms: number): string {
  if (!Number.isFinite(ms)) return 'never';
  if (ms < 1_000) return ms < 1 ? '0s' : `${Math.floor(ms)}ms`;
  const at = units.findIndex(([, size]) => ms >= size);
  const [unit, size] = units[at] ?? units[3];
  const [smaller, smallerSize] = units[at + 1] ?? ['ms', 1];
  const rest = Math.floor((ms % size) / smallerSize);
  const isWhole = rest === 0 || (unit === 's' && ms >= 10_000);
  if (unit === 's' && !isWhole) return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
  return `${Math.floor(ms / size)}${unit}${isWhole ? '' : `${rest}${smaller}`}`;
}
