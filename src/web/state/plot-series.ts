/** Lives as series over time: what the plots draw. */
import type { Bar, Life, Sign } from '../../gantt/rows.mjs';
import type { Span } from '../../gantt/view.mjs';
import { quantile } from './quantile.ts';

/** A change in how many workers may run at once. */
export interface CapChange {
  readonly atMs: number;
  readonly dispatcherId: string;
  /** 0 when the dispatcher went. */
  readonly maxRunning: number;
}

/** What the series are made of. */
export interface Plotted {
  readonly lives: readonly Life[];
  readonly caps: readonly CapChange[];
}

/** Series of the same length: one figure for each slice of time; null where there is none. */
export interface PlotSeries {
  /** The middle of each slice, UTC s: what the plots count in. */
  readonly atS: readonly number[];
  /** Tasks that became done in the slice. */
  readonly done: readonly number[];
  /** The most tasks that were ready, and the most runs, at one moment of the slice. */
  readonly ready: readonly number[];
  readonly running: readonly number[];
  /** The most workers that dispatchers would let run. */
  readonly cap: readonly number[];
  readonly reclaims: readonly number[];
  readonly refusals: readonly number[];
  /** From ready to claimed, s, of what was claimed in the slice. */
  readonly claim: Spread;
  /** From the first claim to done, s, of what was done in the slice. */
  readonly cycle: Spread;
}

/** Half, and nineteen in twenty, were not above. */
export interface Spread {
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
}

const held = new Set(['launching', 'running', 'suspect']);

/** The series over a range, in so many slices. */
export function plotSeries({ lives, caps }: Plotted, range: Span, slices: number): PlotSeries {
  const grid = gridOf(range, slices);
  const bars = lives.flatMap((life) => life.bars);
  const signs = lives.flatMap((life) => life.signs);
  const ends = lives.flatMap(endsOf);
  return {
    atS: Array.from({ length: slices }, (_, index) => grid.middleOf(index) / 1_000),
    done: grid.counted(ends.map(({ atMs }) => atMs)),
    ready: grid.most(turnsOf(bars.filter(({ kind }) => kind === 'ready'))),
    running: grid.most(turnsOf(bars.filter(({ kind }) => held.has(kind)))),
    cap: grid.most(capTurns(caps)),
    reclaims: grid.counted(momentsOf(signs, 'reclaim')),
    refusals: grid.counted(momentsOf(signs, 'refusal')),
    claim: grid.spread(lives.flatMap(claimsOf)),
    cycle: grid.spread(ends),
  };
}

/** Something that took so long, and when it was over. */
interface Took {
  readonly atMs: number;
  readonly tookMs: number;
}

/** A moment at which a number changes. */
interface Turn {
  readonly atMs: number;
  readonly by: number;
}

function gridOf({ fromAtMs, toAtMs }: Span, slices: number) {
  const wideMs = Math.max(1, toAtMs - fromAtMs) / slices;
  const place = (atMs: number) => Math.min(slices - 1, Math.floor((atMs - fromAtMs) / wideMs));
  const isWithin = (atMs: number) => atMs >= fromAtMs && atMs <= toAtMs;

  function counted(moments: readonly number[]): readonly number[] {
    const counts = new Array<number>(slices).fill(0);
    for (const atMs of moments.filter(isWithin))
      counts[place(atMs)] = (counts[place(atMs)] ?? 0) + 1;
    return counts;
  }

  /** The greatest number at any moment of each slice. */
  function most(turns: readonly Turn[]): readonly number[] {
    const inOrder = turns.toSorted((one, other) => one.atMs - other.atMs || one.by - other.by);
    const tops: number[] = [];
    let [next, now] = [0, 0];
    for (let index = 0; index < slices; index += 1) {
      const endMs = fromAtMs + (index + 1) * wideMs;
      // What ended as the slice began does not count in it.
      while ((inOrder[next]?.atMs ?? endMs) <= endMs - wideMs) now += inOrder[next++]?.by ?? 0;
      let top = now;
      while ((inOrder[next]?.atMs ?? endMs) < endMs) {
        now += inOrder[next++]?.by ?? 0;
        top = Math.max(top, now);
      }
      tops.push(top);
    }
    return tops;
  }

  function spread(all: readonly Took[]): Spread {
    const found = Array.from({ length: slices }, (): number[] => []);
    for (const { atMs, tookMs } of all)
      if (isWithin(atMs)) found[place(atMs)]?.push(tookMs / 1_000);
    const sorted = found.map((each) => each.sort((one, other) => one - other));
    const of = (share: number) =>
      sorted.map((each) => (each.length === 0 ? null : quantile(each, share)));
    return { p50: of(0.5), p95: of(0.95) };
  }

  return { counted, most, spread, middleOf: (index: number) => fromAtMs + (index + 0.5) * wideMs };
}

function turnsOf(bars: readonly Bar[]): readonly Turn[] {
  return bars.flatMap(({ fromAtMs, toAtMs, isOpen }) => [
    { atMs: fromAtMs, by: 1 },
    ...(isOpen ? [] : [{ atMs: toAtMs, by: -1 }]),
  ]);
}

function capTurns(caps: readonly CapChange[]): readonly Turn[] {
  const now = new Map<string, number>();
  return caps.map(({ atMs, dispatcherId, maxRunning }) => {
    const by = maxRunning - (now.get(dispatcherId) ?? 0);
    now.set(dispatcherId, maxRunning);
    return { atMs, by };
  });
}

function momentsOf(signs: readonly Sign[], wanted: string): readonly number[] {
  return signs.filter(({ kind }) => kind === wanted).map(({ atMs }) => atMs);
}

function claimsOf({ bars }: Life): readonly Took[] {
  return bars.flatMap(({ kind, fromAtMs, toAtMs }, index) => {
    const isClaimed = kind === 'ready' && held.has(bars[index + 1]?.kind ?? '');
    return isClaimed ? [{ atMs: toAtMs, tookMs: toAtMs - fromAtMs }] : [];
  });
}

/** When the task became done, and how long that was after its first claim. */
function endsOf({ bars }: Life): readonly Took[] {
  const first = bars.find(({ kind }) => held.has(kind));
  return bars
    .filter(({ kind }) => kind === 'done')
    .map(({ fromAtMs }) => ({ atMs: fromAtMs, tookMs: fromAtMs - (first?.fromAtMs ?? fromAtMs) }));
}
