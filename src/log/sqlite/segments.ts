/**
 * Which ranges of a log are in segment files, as one connection knows it, and the files, opened
 * when they are needed. Whoever meets a gap asks here; on a log without segments nobody does.
 */
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { LogUnavailable, Position, StoredEvent, Version } from '../event-log.ts';
import {
  refuseOtherDigest,
  type Segment,
  SegmentFile,
  type SegmentRange,
  type SegmentReads,
  segmentName,
  segmentsDirectory,
} from './segment-file.ts';

/** Opens a database for reading. */
export type OpenForReading = (path: string) => Database.Database;

/** Files that are kept open at a time. */
const filesOpenMax = 8;

interface Told {
  readonly version: Version;
  readonly data: string;
}

type Attestation = SegmentRange & NonNullable<Segment['attested']>;

/** The segments of one log, to one of its connections. */
export class Segments {
  readonly #db: Database.Database;
  readonly #directory: string;
  readonly #open: OpenForReading;
  readonly #hasTable: Database.Statement<[], number>;
  readonly #files = new LRUCache<Position, SegmentFile>({
    max: filesOpenMax,
    dispose: (file) => file.close(),
  });
  #known: readonly Segment[] = [];

  /** `directory`: of the board, where the files are; `open` opens one of them. */
  constructor(db: Database.Database, directory: string, open: OpenForReading) {
    this.#db = db;
    this.#directory = segmentsDirectory(directory);
    this.#open = open;
    this.#hasTable = db
      .prepare<[], number>(`SELECT count(*) FROM sqlite_schema WHERE name = 'segments'`)
      .pluck();
  }

  /** All that are known, in order of position: without a gap from position 1 on. */
  get known(): readonly Segment[] {
    return this.#known;
  }

  /** The last position that is known to be in a segment; 0 while none is. */
  get upTo(): Position {
    return this.#known.at(-1)?.upTo ?? 0;
  }

  /** Looks which there are now; answers whether there are more than were known. */
  lookAgain(): boolean {
    if (this.#hasTable.get() === 0) return false;
    const ranges = this.#db
      .prepare<[], SegmentRange>(
        'SELECT from_position AS "from", up_to AS upTo FROM segments ORDER BY from_position',
      )
      .all();
    if (ranges.length <= this.#known.length) return false;
    const attested = this.#attestations();
    this.#known = ranges.map((range) => {
      const path = join(this.#directory, segmentName(range));
      return { ...range, path, attested: attested.get(segmentName(range)) };
    });
    return true;
  }

  /** Up to `limit` events after a position, from as many files as it takes, in order. */
  after(position: Position, limit: number): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (const segment of this.#known) {
      if (segment.upTo <= position) continue;
      if (events.length >= limit) break;
      const missing = limit - events.length;
      events.push(...this.read(segment, (reads) => reads.allForward(position, missing)));
    }
    return events;
  }

  /** Up to `limit` events before a position, the last one first. */
  before(position: Position, limit: number): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (const segment of this.#known.toReversed()) {
      if (segment.from >= position) continue;
      if (events.length >= limit) break;
      const missing = limit - events.length;
      events.push(...this.read(segment, (reads) => reads.allBackward(position, missing)));
    }
    return events;
  }

  /**
   * Events of a stream with versions from `first` to `last`, at most `limit` of the latest, the
   * last one first; `before` is a position that all of them precede.
   */
  ofStream(stream: string, { first, last, before, limit }: StreamPart): readonly StoredEvent[] {
    const events: StoredEvent[] = [];
    for (const segment of this.#known.toReversed()) {
      if (segment.from >= before) continue;
      const missing = limit - events.length;
      const top = (events.at(-1)?.version ?? last + 1) - 1;
      if (missing <= 0 || top < first) break;
      events.push(...this.read(segment, (reads) => reads.streamBackward(stream, top, missing)));
    }
    return events.filter(({ version }) => version >= first);
  }

  hashAt(position: Position): string | undefined {
    return this.#at(position, (reads) => reads.hashAt(position));
  }

  hashBefore(position: Position): string | undefined {
    return this.#at(position, (reads) => reads.hashBefore(position));
  }

  /** The segment that holds a position, as far as is known. */
  holding(position: Position): Segment | undefined {
    return this.#known.find(({ from, upTo }) => from <= position && position <= upTo);
  }

  /** Reads from the file of a segment. Throws a fault that names the file when that cannot be. */
  read<T>(segment: Segment, work: (reads: SegmentReads) => T): T {
    return this.file(segment).read(work);
  }

  /** The file of a segment, open until others are wanted more. */
  file(segment: Segment): SegmentFile {
    const found = this.#files.get(segment.from);
    if (found !== undefined) return found;
    const opened = new SegmentFile(segment, this.#open);
    this.#files.set(segment.from, opened);
    return opened;
  }

  /** Compares every file, byte for byte, with what is attested of it. */
  async check(): Promise<{ files: number; faults: readonly LogUnavailable[] }> {
    this.lookAgain();
    const faults: LogUnavailable[] = [];
    for (const segment of this.#known) {
      await refuseOtherDigest(segment).catch((fault) => faults.push(fault));
    }
    return { files: this.#known.length, faults };
  }

  close(): void {
    this.#files.clear();
  }

  #at<T>(position: Position, read: (reads: SegmentReads) => T): T | undefined {
    const segment = this.holding(position) ?? (this.lookAgain() && this.holding(position));
    return segment ? this.read(segment, read) : undefined;
  }

  /** What is attested of each file, by its name; of the same range the latest counts. */
  #attestations(): ReadonlyMap<string, Attestation> {
    const told = this.#db
      .prepare<[], Told>(`
        SELECT version, data FROM events
        WHERE stream = 'board' AND type = 'LogSegmented' ORDER BY version`)
      .all();
    const said = told.flatMap(({ data }) => parse(data));
    return new Map(said.map((each) => [segmentName(each), each]));
  }
}

/** Which events of a stream. */
export interface StreamPart {
  readonly first: Version;
  readonly last: Version;
  readonly before: Position;
  readonly limit: number;
}

/** A damaged event attests nothing. */
function parse(data: string): Attestation[] {
  try {
    return [JSON.parse(data)];
  } catch {
    return [];
  }
}
