// @ts-check
/** A time axis: round moments, and words for them that people read at a glance. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Distances between two marks of an axis, in ms. */
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28, 91, 182, 364, 3_640].map((count) => count * day),
];

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * A round moment. `isDay`: a day begins there, and the label is its date.
 *
 * @typedef {{ atMs: number, label: string, isDay: boolean }} Tick
 */

/**
 * How far the clock on the wall is ahead of UTC at a moment, in ms.
 *
 * @param {number} atMs
 */
export function localOffsetMs(atMs) {
  return -new Date(atMs).getTimezoneOffset() * minute;
}

/**
 * The round moments from one time to another (UTC ms), at most so many, by the clock of `offsetMs`.
 *
 * @param {number} fromAtMs
 * @param {number} toAtMs
 * @param {number} atMost
 * @param {(atMs: number) => number} [offsetMs] default: UTC
 * @returns {Tick[]}
 */
export function ticksBetween(fromAtMs, toAtMs, atMost, offsetMs = () => 0) {
  const wantedMs = (toAtMs - fromAtMs) / Math.max(1, atMost);
  const stepMs = steps.find((size) => size >= wantedMs) ?? 3_640 * day;
  const ticks = [];
  const firstMs = Math.ceil((fromAtMs + offsetMs(fromAtMs)) / stepMs) * stepMs;
  for (let wallMs = firstMs; ticks.length <= atMost; wallMs += stepMs) {
    const atMs = wallMs - offsetMs(wallMs - offsetMs(fromAtMs));
    if (atMs > toAtMs) break;
    const isDay = wallMs % day === 0;
    ticks.push({ atMs, label: isDay ? dayOf(wallMs) : timeOf(wallMs, stepMs), isDay });
  }
  return ticks;
}

/**
 * A moment in full: `21 Nov 2026 10:02:41.250`.
 *
 * @param {number} atMs
 * @param {(atMs: number) => number} [offsetMs] default: UTC
 */
export function momentText(atMs, offsetMs = () => 0) {
  const wallMs = atMs + offsetMs(atMs);
  const millis = wallMs % second === 0 ? second : 1;
  return `${dayOf(wallMs)} ${new Date(wallMs).getUTCFullYear()} ${timeOf(wallMs, millis)}`;
}

/**
 * A duration as people say it: `250 ms`, `4.2 s`, `3 m 20 s`, `2 h 5 m`, `3 d 4 h`.
 *
 * @param {number} ms
 */
export function durationText(ms) {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${Math.floor(ms / 100) / 10} s`;
  const [largeMs, large, smallMs, small] = unitsOf(ms);
  const rest = Math.floor((ms % largeMs) / smallMs);
  return `${Math.floor(ms / largeMs)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/**
 * @param {number} ms
 * @returns {[largeMs: number, large: string, smallMs: number, small: string]}
 */
function unitsOf(ms) {
  if (ms < hour) return [minute, 'm', second, 's'];
  return ms < day ? [hour, 'h', minute, 'm'] : [day, 'd', hour, 'h'];
}

/** @param {number} wallMs */
function dayOf(wallMs) {
  const date = new Date(wallMs);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

/**
 * @param {number} wallMs
 * @param {number} stepMs
 */
function timeOf(wallMs, stepMs) {
  const text = new Date(wallMs).toISOString();
  return text.slice(11, stepMs < second ? 23 : stepMs < minute ? 19 : 16);
}
