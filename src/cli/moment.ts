/** A moment somebody typed. */
import { parseTime } from './time.ts';
import { UsageError } from './usage-error.ts';

/** The moment, UTC ms. Throws `UsageError` when the text names none. */
export function momentOf(text: string, nowMs: number): number {
  const atMs = parseTime(text, nowMs);
  if (atMs !== undefined) return atMs;
  throw new UsageError(
    `${JSON.stringify(text)} is no time.`,
    'Give ISO (2026-11-21T10:02), a clock time (10:02) or a time from now (2h).',
  );
}
