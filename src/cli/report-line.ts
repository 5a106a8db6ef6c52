/** What a dispatcher reports about itself, as one line. */
import { type Reloaded, reloadWords } from './reload-words.ts';
import { plainLine } from './sanitize.ts';
import type { Style } from './style.ts';
import { clockTime } from './time.ts';

/** Somebody has to do something about it. */
const badNews: ReadonlySet<string> = new Set(['fault', 'stuck', 'failed', 'halted']);

const doubtful: ReadonlySet<string> = new Set(['late', 'refused']);

/** What ended a run, as people call it; every other end reads as `failed`. */
const endNames: Readonly<Partial<Record<string, string>>> = {
  CompleteRun: 'completed',
  BlockRun: 'blocked',
  ReleaseRun: 'released',
  ReclaimRun: 'reclaimed',
  MarkRunStale: 'stale',
  RateLimitRun: 'held',
  CancelRun: 'canceled',
};

/** `10:02:41  spawned  taskId T-…, runId R-…, pid 4711`. */
export function reportLine(what: string, facts: object, style: Style, nowMs: number): string {
  const time = style.paint('dim', clockTime(nowMs, nowMs));
  if (what === 'reloaded')
    return `${time}  ${style.paint('strong', what)}  ${plainLine(reloadWords(facts as Reloaded))}`;
  const { name, shown } = inWords(what, facts);
  const tone = badNews.has(name) ? 'bad' : doubtful.has(name) ? 'warn' : 'strong';
  const told = Object.entries(shown).map(([key, value]) => `${key} ${factText(value)}`);
  return `${time}  ${style.paint(tone, name.padEnd(8))}  ${plainLine(told.join(', '))}`;
}

/** People are told how a run ended; the command that ended it is for programs. */
function inWords(what: string, facts: object): { readonly name: string; readonly shown: object } {
  if (what !== 'judged' || !('end' in facts)) return { name: what, shown: facts };
  const { end, ...shown } = facts;
  return { name: endNames[String(end)] ?? 'failed', shown };
}

function factText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
