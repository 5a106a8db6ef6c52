/** How the benchmarks measure: medians of several runs, rates, percentiles, side by side. */

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** The figure as people read it. */
  readonly measured: string;
  /** What it should at least be. */
  readonly target: string;
  readonly isMet: boolean;
  /** All numbers behind the line, for the JSON. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One group of measurements; it may take as long as it needs. */
export interface Benchmark {
  readonly name: string;
  run(context: BenchContext): Promise<readonly Row[]>;
}

/** What a benchmark is given. */
export interface BenchContext {
  /** Runs of each measurement, of which the median counts. */
  readonly rounds: number;
  /** A fresh directory for this benchmark; removed afterwards. */
  readonly directory: string;
  say(line: string): void;
}

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which the share `p` of all values lies, interpolated. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** Monotonic time in ms; on Linux comparable between processes. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Operations per second of `count` operations done by `work`. */
export async function rate(count: number, work: () => Promise<void> | void): Promise<number> {
  const startedMs = monotonicMs();
  await work();
  return (count * 1_000) / (monotonicMs() - startedMs);
}

/** Median of `rounds` results. */
export async function medianOf(
  rounds: number,
  once: (round: number) => Promise<number>,
): Promise<number> {
  const results: number[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await once(round));
  return median(results);
}

/** Runs `count` operations with at most `inFlight` at once. */
export async function inFlight(
  count: number,
  inFlightMax: number,
  operation: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await operation(index);
    }
  };
  await Promise.all(Array.from({ length: inFlightMax }, lane));
}

/** A whole number as people read it: 12,345. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A share as people read it: 62 %. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Milliseconds as people read them: 1.23 ms, 45 ms. */
export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
