/** Time at the door: relative and on the clock, and what people type for a time. */

import { parseDurationMs } from '../domain/duration.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A duration in its largest unit, rounded down: `0s`, `42s`, `7m`, `3h`, `12d`, `9w`. */
export function shortDuration(ms: number): string {
  const size = Math.max(0, ms);
  if (size < unitMs.m) return `${Math.floor(size / unitMs.s)}s`;
  if (size < unitMs.h) return `${Math.floor(size / unitMs.m)}m`;
  if (size < unitMs.d) return `${Math.floor(size / unitMs.h)}h`;
  if (size < 8 * unitMs.w) return `${Math.floor(size / unitMs.d)}d`;
  return `${Math.floor(size / unitMs.w)}w`;
}

/**
 * What is left, as a bar of cli-progress has it: whole seconds, or a word while it cannot tell. The
 * package's own text for it says `1m60s`, and `LLs` for that word.
 */
export function timeLeft(seconds: number | string): string {
  return typeof seconds === 'number' ? shortDuration(seconds * unitMs.s) : '?';
}

/** A moment as people say it: `7m ago`, `in 2h`, `now`. */
export function relativeTime(atMs: number, nowMs: number): string {
  const awayMs = atMs - nowMs;
  if (Math.abs(awayMs) < unitMs.s) return 'now';
  return awayMs > 0 ? `in ${shortDuration(awayMs)}` : `${shortDuration(-awayMs)} ago`;
}

/** A moment on the clock on the wall: `10:02:41`, with the date when it was another day. */
export function clockTime(atMs: number, nowMs: number): string {
  const [then, now] = [new Date(atMs), new Date(nowMs)];
  const two = (value: number) => `${value}`.padStart(2, '0');
  const time = [then.getHours(), then.getMinutes(), then.getSeconds()].map(two).join(':');
  if (then.toDateString() === now.toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}

/** A duration in ms: `90` (seconds), `500ms`, `30s`, `5m`, `2h`, `1d`; else undefined. */
export function parseDuration(text: string): number | undefined {
  return parseDurationMs(/^\d+$/.test(text.trim()) ? `${text.trim()}s` : text);
}

/**
 * A moment, UTC ms: ISO (local time unless it says otherwise), a date, `10:02` (the next one),
 * `+2h` or `2h` (from now), `now`; undefined when it is none of these.
 */
export function parseTime(text: string, nowMs: number): number | undefined {
  const said = text.trim();
  if (said === 'now') return nowMs;
  const span = /^\+?(\d.*[a-z])$/.exec(said)?.[1];
  const spanMs = span === undefined ? undefined : parseDuration(span);
  if (spanMs !== undefined) return nowMs + spanMs;
  return nextClockTime(said, nowMs) ?? parseIso(said);
}

/**
 * A moment that is over, UTC ms: ISO (local time unless it says otherwise), a date, `10:02` (the
 * last one), `-2h` or `2h ago`, `now`; undefined when it is none of these.
 */
export function parsePastTime(text: string, nowMs: number): number | undefined {
  const said = text.trim();
  if (said === 'now') return nowMs;
  const span = /^-\s*(\d.*[a-z])$|^(\d.*[a-z])\s+ago$/.exec(said);
  const spanMs = span === null ? undefined : parseDuration((span[1] ?? span[2])!);
  if (spanMs !== undefined) return nowMs - spanMs;
  return lastClockTime(said, nowMs) ?? parseIso(said);
}

function nextClockTime(text: string, nowMs: number): number | undefined {
  const then = clockTimeToday(text, nowMs);
  if (then !== undefined && then.getTime() <= nowMs) then.setDate(then.getDate() + 1);
  return then?.getTime();
}

function lastClockTime(text: string, nowMs: number): number | undefined {
  const then = clockTimeToday(text, nowMs);
  if (then !== undefined && then.getTime() > nowMs) then.setDate(then.getDate() - 1);
  return then?.getTime();
}

function clockTimeToday(text: string, nowMs: number): Date | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const then = new Date(nowMs);
  then.setHours(hours ?? 0, minutes ?? 0, seconds ?? 0, 0);
  return then;
}

function parseIso(text: string): number | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, year, month, day] = match.map(Number);
  // `Date` rolls the 31st of February over into March; a typing error must not.
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0));
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day) return undefined;
  // A date alone would be read as UTC; people mean their own midnight.
  const atMs = new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')).getTime();
  return Number.isNaN(atMs) ? undefined : atMs;
}
