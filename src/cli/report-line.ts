/** What a dispatcher reports about itself, as one line. */
import { plainLine } from './sanitize.ts';
import type { Style } from './style.ts';
import { clockTime } from './time.ts';

/** Somebody has to do something about it. */
const badNews: ReadonlySet<string> = new Set(['fault', 'stuck', 'failed', 'halted']);

const doubtful: ReadonlySet<string> = new Set(['late', 'refused']);

/** `10:02:41  spawned  taskId T-…, runId R-…, pid 4711`. */
export function reportLine(what: string, facts: object, style: Style, nowMs: number): string {
  const tone = badNews.has(what) ? 'bad' : doubtful.has(what) ? 'warn' : 'strong';
  const told = Object.entries(facts).map(([key, value]) => `${key} ${factText(value)}`);
  const time = style.paint('dim', clockTime(nowMs, nowMs));
  return `${time}  ${style.paint(tone, what.padEnd(8))}  ${plainLine(told.join(', '))}`;
}

function factText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
