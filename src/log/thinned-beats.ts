/**
 * The beats that an event `LogThinned` says were taken out: which, and when they were recorded.
 *
 * Base64 of raw DEFLATE over variable-length integers (seven bits a byte, low ones first, the
 * eighth bit set on all bytes but the last), column by column, so that the regular becomes small:
 *
 *     runs      how many, then of each: length of its id in bytes, the id (UTF-8), its beats
 *     positions beat by beat and run by run: the difference from the one before in the same run
 *     versions  the same
 *     times     `at` of each beat, UTC ms: of the first the time, of the second the difference,
 *               of the rest the difference of differences; signed numbers as 2n, or -2n-1
 *     coalesced beats left out before each
 *
 * About three bytes a beat. Permanent: logs out there contain it.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Position, Version } from './event-log.ts';

/** A beat that was taken out. */
export interface ThinnedBeat {
  readonly position: Position;
  readonly version: Version;
  /** As its metadata said, UTC ms. */
  readonly atMs: number;
  readonly coalesced: number;
}

/** The beats of one run, in order. */
export interface ThinnedRun {
  readonly runId: string;
  readonly beats: readonly ThinnedBeat[];
}

/** Largest size of what is unpacked, in bytes: a damaged event must not fill the memory. */
const unpackedMax = 16 * 1024 * 1024;

/** Packs beats. */
export function packBeats(runs: readonly ThinnedRun[]): string {
  const bytes: number[] = [];
  const put = (value: number) => putVarint(bytes, value);
  put(runs.length);
  for (const { runId, beats } of runs) {
    const id = Buffer.from(runId, 'utf8');
    put(id.length);
    bytes.push(...id);
    put(beats.length);
  }
  for (const { beats } of runs) differences(beats.map(({ position }) => position)).forEach(put);
  for (const { beats } of runs) differences(beats.map(({ version }) => version)).forEach(put);
  for (const { beats } of runs) {
    bendings(differences(beats.map(({ atMs }) => atMs)))
      .map(zigzag)
      .forEach(put);
  }
  for (const { beats } of runs) for (const { coalesced } of beats) put(coalesced);
  return deflateRawSync(Uint8Array.from(bytes), { level: 9 }).toString('base64');
}

/** Unpacks beats. Throws when the text was not made by `packBeats`. */
export function unpackBeats(text: string): readonly ThinnedRun[] {
  const packed = Buffer.from(text, 'base64');
  const bytes = inflateRawSync(packed, { maxOutputLength: unpackedMax });
  let at = 0;
  const take = (): number => {
    let [value, weight] = [0, 1];
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('the beats end too early');
      at += 1;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 0x80;
    }
  };
  const runs = Array.from({ length: take() }, () => {
    const length = take();
    const runId = bytes.toString('utf8', at, at + length);
    at += length;
    return { runId, count: take() };
  });
  const column = (of: (values: number[]) => number[]) =>
    runs.map(({ count }) => of(Array.from({ length: count }, take)));
  const positions = column(sums);
  const versions = column(sums);
  const times = column((values) => sums(unbent(values.map(unzigzag))));
  const coalesced = column((values) => values);
  return runs.map(({ runId, count }, run) => ({
    runId,
    beats: Array.from({ length: count }, (_, beat) => ({
      position: positions[run]![beat]!,
      version: versions[run]![beat]!,
      atMs: times[run]![beat]!,
      coalesced: coalesced[run]![beat]!,
    })),
  }));
}

/** Unpacks beats; a text that was not made by `packBeats` tells of none. */
export function unpackBeatsOrNone(text: string): readonly ThinnedRun[] {
  try {
    return unpackBeats(text);
  } catch {
    return [];
  }
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
}

/** Each value less the one before it; the first as it is. */
function differences(values: readonly number[]): number[] {
  return values.map((value, index) => value - (values[index - 1] ?? 0));
}

/** The same once more, of all but the first. */
function bendings(values: readonly number[]): number[] {
  return values.map((value, index) => (index < 2 ? value : value - values[index - 1]!));
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

function unbent(values: readonly number[]): number[] {
  const [first, ...rest] = values;
  return first === undefined ? [] : [first, ...sums(rest)];
}

function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
