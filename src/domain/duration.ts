/** Durations as people write them. */

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A duration in ms from text such as `500ms`, `90s`, `5m`, `2h`, `1d`; undefined when it is none.
 */
export function parseDurationMs(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  return Math.round(Number(amount) * unitMs[unit as keyof typeof unitMs]);
}

/** A duration as people say it, exact enough to be compared: `3.002 s`, `92 s`, `15 min`, `4 h`. */
export function spokenDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1_000) return `${Math.round(ms)} ms`;
  if (size < 10_000) return `${rounded(ms / 1_000, 3)} s`;
  if (size < 2 * unitMs.m) return `${rounded(ms / 1_000, 1)} s`;
  if (size < 2 * unitMs.h) return `${rounded(ms / unitMs.m, 1)} min`;
  if (size < 2 * unitMs.d) return `${rounded(ms / unitMs.h, 1)} h`;
  return `${rounded(ms / unitMs.d, 1)} d`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
