/** Moments as programs read them. */

/** A moment (UTC ms) in ISO 8601; null stays null. */
export function isoTime(atMs: number): string;
export function isoTime(atMs: number | null | undefined): string | null;
export function isoTime(atMs: number | null | undefined): string | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs).toISOString();
}
