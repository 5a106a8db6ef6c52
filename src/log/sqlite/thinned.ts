/**
 * What was thinned out of a log, as its events `LogThinned` attest it. Whoever meets a gap asks
 * here whether it belongs there; every other gap is damage.
 */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Position, Version } from '../event-log.ts';
import { unpackBeatsOrNone } from '../thinned-beats.ts';

/** A range of positions from which beats were taken out, both ends included. */
export interface ThinnedRange {
  readonly from: Position;
  readonly upTo: Position;
  /** Of all its gaps, as the latest event about it says. */
  readonly digest: string;
}

/** A stretch of positions that are gone, and the hashes around it, in hex. */
export interface Gap {
  readonly first: Position;
  readonly last: Position;
  /** Of the event before. */
  readonly before: string;
  /** Of the last one that is gone: what the event after was appended to. */
  readonly end: string;
}

/** SHA-256 (hex) over gaps in order: `first last before end` of each, ended by a line feed. */
export function digestOf(gaps: Iterable<Gap>): string {
  const hash = createHash('sha256');
  for (const { first, last, before, end } of gaps) {
    hash.update(`${first} ${last} ${before} ${end}\n`);
  }
  return hash.digest('hex');
}

interface Told {
  readonly version: Version;
  readonly data: string;
}

/** A range with all that was taken out of it, by however many events. */
interface KnownRange extends ThinnedRange {
  readonly packed: readonly string[];
  /** Undefined until somebody asks. */
  removed?: Removed;
}

interface Removed {
  readonly positions: ReadonlySet<Position>;
  readonly versions: ReadonlyMap<string, ReadonlySet<Version>>;
}

/** What one connection knows about thinned ranges; it looks again when it meets a new gap. */
export class Thinned {
  readonly #select: Database.Statement<[Version], Told>;
  readonly #ranges = new Map<Position, KnownRange>();
  #sorted: readonly KnownRange[] = [];
  #lastVersion: Version = -1;

  constructor(db: Database.Database) {
    this.#select = db.prepare<[Version], Told>(`
      SELECT version, data FROM events
      WHERE stream = 'board' AND version > ? AND type = 'LogThinned' ORDER BY version`);
  }

  /** All ranges, in order of position, as they are attested now. */
  ranges(): readonly ThinnedRange[] {
    this.#lookAgain();
    return this.#sorted;
  }

  /** Whether every event between two positions was taken out, both included. */
  covers(first: Position, last: Position): boolean {
    return this.#has(first, last) || (this.#lookAgain() && this.#has(first, last));
  }

  /** Whether every version of a stream between two was; its events before and after tell where. */
  coversVersions(stream: string, versions: Span, positions: Span): boolean {
    const has = () => this.#hasVersions(stream, versions, positions);
    return has() || (this.#lookAgain() && has());
  }

  #has(first: Position, last: Position): boolean {
    const range = this.#rangeOf(first);
    if (range === undefined || last > range.upTo) return false;
    const { positions } = this.#removedFrom(range);
    for (let at = first; at <= last; at += 1) if (!positions.has(at)) return false;
    return true;
  }

  #hasVersions(stream: string, [first, last]: Span, [after, before]: Span): boolean {
    const near = this.#sorted.filter(({ from, upTo }) => upTo > after && from < before);
    const known = near.flatMap((range) => this.#removedFrom(range).versions.get(stream) ?? []);
    for (let version = first; version <= last; version += 1) {
      if (!known.some((versions) => versions.has(version))) return false;
    }
    return true;
  }

  #rangeOf(position: Position): KnownRange | undefined {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]!.upTo < position) low = middle + 1;
      else high = middle;
    }
    const found = this.#sorted[low];
    return found !== undefined && found.from < position ? found : undefined;
  }

  #removedFrom(range: KnownRange): Removed {
    range.removed ??= removedOf(range.packed);
    return range.removed;
  }

  /** Whether there is anything new. */
  #lookAgain(): boolean {
    const told = this.#select.all(this.#lastVersion);
    for (const { version, data } of told) {
      this.#lastVersion = version;
      this.#learn(data);
    }
    if (told.length === 0) return false;
    this.#sorted = [...this.#ranges.values()].sort((one, other) => one.from - other.from);
    return true;
  }

  /** A damaged event attests nothing: the gaps it is about are damage then. */
  #learn(data: string): void {
    const said = parse(data);
    if (said === undefined) return;
    const { from, upTo, digest, beats } = said;
    const packed = [...(this.#ranges.get(from)?.packed ?? []), beats];
    this.#ranges.set(from, { from, upTo, digest, packed });
  }
}

/** First and last of something, or what lies just before and after it. */
export type Span = readonly [first: number, last: number];

function parse(data: string): (ThinnedRange & { readonly beats: string }) | undefined {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function removedOf(packed: readonly string[]): Removed {
  const positions = new Set<Position>();
  const versions = new Map<string, Set<Version>>();
  for (const { runId, beats } of packed.flatMap(unpackBeatsOrNone)) {
    const stream = `run-${runId}`;
    const ofRun = versions.get(stream) ?? new Set();
    versions.set(stream, ofRun);
    for (const { position, version } of beats) {
      positions.add(position);
      ofRun.add(version);
    }
  }
  return { positions, versions };
}
