/** A range of the timeline in figures. */
import type { Bar, Life } from '../../gantt/rows.mjs';
import type { Span } from '../../gantt/view.mjs';
import { quantile } from './quantile.ts';

/** What happened within a range. Times in ms. */
export interface RangeFacts {
  /** How long tasks stood in each kind, all together. */
  readonly spentMs: ReadonlyMap<string, number>;
  /** Runs that held a task at some time within. */
  readonly runs: number;
  /** The most runs at one moment. */
  readonly mostRuns: number;
  /** Tasks that became done. */
  readonly done: number;
  /** Marks by their kinds. */
  readonly marks: ReadonlyMap<string, number>;
  /** From ready to claimed, of what was claimed within. */
  readonly claimMs: Percentiles | undefined;
  /** From the first claim to done, of what was done within. */
  readonly cycleMs: Percentiles | undefined;
}

/** Half of all are not above `p50`, nineteen in twenty not above `p95`. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

const held = new Set(['launching', 'running', 'suspect']);

/** The figures of a range. */
export function rangeFacts(lives: readonly Life[], range: Span): RangeFacts {
  const bars = lives.flatMap((life) => life.bars).filter((bar) => overlapMs(bar, range) > 0);
  const signs = lives.flatMap((life) => life.signs).filter(({ atMs }) => isWithin(atMs, range));
  const spentMs = new Map<string, number>();
  for (const bar of bars) {
    spentMs.set(bar.kind, (spentMs.get(bar.kind) ?? 0) + overlapMs(bar, range));
  }
  const marks = new Map<string, number>();
  for (const { kind } of signs) marks.set(kind, (marks.get(kind) ?? 0) + 1);
  const ends = lives.flatMap((life) => life.bars.filter((bar) => beginsDone(bar, range)));
  return {
    spentMs,
    runs: new Set(bars.flatMap(({ runId }) => runId ?? [])).size,
    mostRuns: mostAtOnce(bars.filter(({ kind }) => held.has(kind))),
    done: ends.length,
    marks,
    claimMs: percentiles(lives.flatMap((life) => claimsOf(life, range))),
    cycleMs: percentiles(lives.flatMap((life) => cyclesOf(life, range))),
  };
}

/** How long each task was ready before a claim within the range. */
function claimsOf({ bars }: Life, range: Span): readonly number[] {
  return bars.flatMap((bar, index) => {
    const next = bars[index + 1];
    const isClaimed = bar.kind === 'ready' && next !== undefined && held.has(next.kind);
    return isClaimed && isWithin(bar.toAtMs, range) ? [bar.toAtMs - bar.fromAtMs] : [];
  });
}

/** How long each task took from its first claim until it was done within the range. */
function cyclesOf({ bars }: Life, range: Span): readonly number[] {
  const first = bars.find(({ kind }) => held.has(kind));
  if (first === undefined) return [];
  return bars
    .filter((bar) => beginsDone(bar, range) && bar.fromAtMs >= first.fromAtMs)
    .map((bar) => bar.fromAtMs - first.fromAtMs);
}

function mostAtOnce(bars: readonly Bar[]): number {
  const turns = bars.flatMap(({ fromAtMs, toAtMs }) => [
    { atMs: fromAtMs, by: 1 },
    { atMs: toAtMs, by: -1 },
  ]);
  // Where one ends as another begins there is one, not two.
  turns.sort((one, other) => one.atMs - other.atMs || one.by - other.by);
  let [now, most] = [0, 0];
  for (const { by } of turns) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** Undefined when there is nothing to say it of. */
function percentiles(values: readonly number[]): Percentiles | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  if (sorted.length === 0) return undefined;
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

function beginsDone({ kind, fromAtMs }: Bar, range: Span): boolean {
  return kind === 'done' && isWithin(fromAtMs, range);
}

function isWithin(atMs: number, { fromAtMs, toAtMs }: Span): boolean {
  return fromAtMs <= atMs && atMs <= toAtMs;
}

function overlapMs(bar: Span, range: Span): number {
  return Math.min(bar.toAtMs, range.toAtMs) - Math.max(bar.fromAtMs, range.fromAtMs);
}
