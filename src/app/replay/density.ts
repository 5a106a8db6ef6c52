/** When much happened in a range of a log, and when nothing did. */
import { type LogReader, type Position, readLimitMax } from '../../log/event-log.ts';
import { pagesOf } from '../../log/pages.ts';

/** Events over time, in slices of equal length. */
export interface Density {
  /** When the first and the last event were recorded, UTC ms. */
  readonly fromAtMs: number;
  readonly toAtMs: number;
  /** How full each slice is, 0 to 1; the fullest is 1. */
  readonly slices: readonly number[];
}

/** Longer ranges are not read but sampled, at so many places. */
const samples = 1_000;

/** How events are spread over the time between two positions. */
export async function densityOf(
  log: LogReader,
  { first, last }: { readonly first: Position; readonly last: Position },
  count: number,
): Promise<Density> {
  const stamps = await stampsOf(log, first, last);
  const fromAtMs = stamps.reduce((least, atMs) => Math.min(least, atMs), stamps[0] ?? 0);
  const toAtMs = stamps.reduce((most, atMs) => Math.max(most, atMs), stamps[0] ?? 0);
  const counts = new Array<number>(count).fill(0);
  for (const atMs of stamps) {
    const slice = sliceOf(atMs, { fromAtMs, toAtMs }, count);
    counts[slice] = (counts[slice] ?? 0) + 1;
  }
  const most = Math.max(1, ...counts);
  return { fromAtMs, toAtMs, slices: counts.map((each) => each / most) };
}

/** In which of so many slices a moment falls; the nearest one when it is outside. */
export function sliceOf(
  atMs: number,
  { fromAtMs, toAtMs }: Pick<Density, 'fromAtMs' | 'toAtMs'>,
  count: number,
): number {
  const share = toAtMs === fromAtMs ? 0 : (atMs - fromAtMs) / (toAtMs - fromAtMs);
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

async function stampsOf(log: LogReader, first: Position, last: Position): Promise<number[]> {
  const stamps: number[] = [];
  if (last - first < readLimitMax) {
    for await (const page of pagesOf(log, { after: first - 1, upTo: last })) {
      stamps.push(...page.map((event) => event.recordedAtMs));
    }
    return stamps;
  }
  for (let n = 0; n <= samples; n += 1) {
    const after = first - 1 + Math.floor((n * (last - first)) / samples);
    const [event] = await log.readAll({ after, limit: 1 });
    if (event !== undefined) stamps.push(event.recordedAtMs);
  }
  return stamps;
}
