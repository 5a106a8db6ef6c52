/**
 * A walk along the hash chain, page by page, up to the first thing that is not as it was written.
 */
import type Database from 'better-sqlite3';
import { asFault, DatabaseFault } from '../../sqlite/faults.ts';
import type { LogHead, Position, StoredEvent, Version } from '../event-log.ts';
import { asEvent, type EventRow, eventColumns } from './event-row.ts';
import { GapCheck } from './gap-check.ts';
import { createHexHasher, hexBeforeFirst } from './hash-chain.ts';
import { isSegmentFault } from './segment-file.ts';
import { Thinned } from './thinned.ts';

/** Something that is not as it was written. */
export interface ChainProblem {
  readonly kind: keyof typeof meanings;
  /** First position that does not verify. */
  readonly position: Position;
  readonly message: string;
  /** What stands there, as far as it can be read at all; it may not be what was written. */
  readonly event: StoredEvent | undefined;
}

/** What can be wrong with the event at a position. */
const meanings = {
  unreadable: 'it cannot be read',
  events_missing: 'it is missing, though later ones are there',
  end_missing: 'it and all after it are missing',
  link_broken: 'it does not follow the event before it',
  hash_differs: 'it is not what was written',
  not_found: 'it is not found where it belongs',
  index_differs: 'its stream does not know it',
  version_gap: 'the version before it is missing',
  copy_differs: 'it is not the same in the log and in its segment file',
  segment_unusable: 'it is in a segment file that cannot be used',
  segment_differs: 'the file of the segment that begins there is not what was attested',
  thinning_differs: 'what was thinned out around it is not what was attested',
};

type Asked<P extends unknown[], R> = Pick<Database.Statement<P, R>, 'get'>;
type Listed<P extends unknown[], R> = Pick<Database.Statement<P, R>, 'all'>;

/** The questions a walk asks of the events of one file, prepared once for a connection. */
export interface FileQueries {
  /** With everything that is to be known of a row, which takes half as long in one statement. */
  readonly page: Listed<[Position, number], ChainRow>;
  /** The rows alone: a page on which something cannot be read is asked for row by row. */
  readonly rowsOnly: Listed<[Position, number], ChainRow>;
  /** Answered by the index of streams alone, which every decision about a stream relies on. */
  readonly positionInIndex: Asked<[string, Version], Position>;
  readonly positionBefore: Asked<[Position], Position>;
  readonly versionBefore: Asked<[string, Version], Version>;
  readonly hashAt: Asked<[Position], string>;
}

/** The questions a walk asks. */
export interface ChainQueries extends FileQueries {
  readonly thinned: Thinned;
  /** The last position there is, or ever was: a log that lost its end still knows it. */
  readonly end: Asked<[], Position>;
  /** The first position so far at which a file says other things than the log does. */
  copyDiffersAt?(): Position | undefined;
}

/** A row, its hashes in hex, and what is said of it by those who are asked for it. */
export type ChainRow = [
  ...row: EventRow,
  prevHash: string,
  hash: string,
  /** Whether both hashes are of the type that they were stored with. */
  areHashes: 0 | 1,
  /** Where the index of streams has it; not asked by `rowsOnly`. */
  inIndex?: Position | null,
  /** The hash that is found at its position. */
  found?: string | null,
];

/** Few, since each can be 2 MiB; two hundred at once were not faster. */
const pageRows = 32;

/** How many streams a walk remembers; of the others it asks the database. */
const streamsRemembered = 10_000;

const chainColumns = `${eventColumns}, lower(hex(prev_hash)), lower(hex(hash)),
  typeof(prev_hash) = 'blob' AND typeof(hash) = 'blob'`;

const rowAlone = `SELECT ${chainColumns} FROM events WHERE position > ? ORDER BY position LIMIT ?`;

const positionInIndex = 'SELECT position FROM events WHERE stream = ? AND version = ?';
const hashAt = 'SELECT lower(hex(hash)) FROM events WHERE position = ?';

/** Walking from row to row, SQLite does not ask the pages above; whoever reads from here does. */
const rowAndWhatIsSaidOfIt = `
  SELECT ${chainColumns},
    (SELECT position FROM events AS i WHERE i.stream = e.stream AND i.version = e.version),
    (SELECT lower(hex(hash)) FROM events AS f WHERE f.position = e.position)
  FROM events AS e WHERE position > ? ORDER BY position LIMIT ?`;

/** Prepares what a walk asks of a whole log that is in one file. */
export function prepareChainQueries(db: Database.Database): ChainQueries {
  return {
    ...prepareFileQueries(db),
    thinned: new Thinned(db),
    end: db
      .prepare<[], Position>(`
        SELECT max(
          ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0),
          ifnull((SELECT max(position) FROM events), 0))`)
      .pluck(),
  };
}

/** Prepares what a walk asks of a file that holds events. */
export function prepareFileQueries(db: Database.Database): FileQueries {
  return {
    page: db.prepare<[Position, number], ChainRow>(rowAndWhatIsSaidOfIt).raw(),
    rowsOnly: db.prepare<[Position, number], ChainRow>(rowAlone).raw(),
    positionInIndex: db.prepare<[string, Version], Position>(positionInIndex).pluck(),
    positionBefore: db
      .prepare<[Position], Position>(
        'SELECT position FROM events WHERE position < ? ORDER BY position DESC LIMIT 1',
      )
      .pluck(),
    versionBefore: db
      .prepare<[string, Version], Version>(
        'SELECT version FROM events WHERE stream = ? AND version < ? ORDER BY version DESC LIMIT 1',
      )
      .pluck(),
    hashAt: db.prepare<[Position], string>(hashAt).pluck(),
  };
}

/** Verifies from one position to where the log stood when the walk began. */
export class ChainWalk {
  /** The last position to verify. */
  readonly end: Position;
  readonly #queries: ChainQueries;
  readonly #hashEvent = createHexHasher();
  readonly #lastVersions = new Map<string, Version>();
  #position: Position;
  #hash: string;
  #isCareful = false;
  readonly #gaps: GapCheck | undefined;
  #problem: ChainProblem | undefined;

  /**
   * Starts before position `from`; the hash of the event before it is taken as given. With
   * `attested`, what was thinned is compared with what was attested.
   */
  constructor(queries: ChainQueries, from: Position, { attested = true } = {}) {
    this.#queries = queries;
    this.end = queries.end.get()!;
    this.#position = this.#startBefore(from);
    this.#hash = queries.hashAt.get(this.#position) ?? hexBeforeFirst;
    this.#gaps = attested ? new GapCheck(queries.thinned, this.#position) : undefined;
  }

  /** The event before a position; what was thinned out between the two needs no check. */
  #startBefore(from: Position): Position {
    const before = this.#queries.positionBefore.get(from) ?? 0;
    if (before === from - 1) return before;
    return this.#queries.thinned.covers(before + 1, from - 1) ? before : from - 1;
  }

  /** The first problem; undefined while there is none. */
  get problem(): ChainProblem | undefined {
    return this.#problem;
  }

  /** The last event that verified. */
  get head(): LogHead {
    return { position: this.#position, hash: this.#position === 0 ? '' : this.#hash };
  }

  /** Whether there is more to verify. */
  get isGoingOn(): boolean {
    return this.#problem === undefined && this.#position < this.end;
  }

  /** Verifies the next page; answers those of its events that are as they were written. */
  nextPage(): readonly StoredEvent[] {
    const rows = this.#readPage();
    const events: StoredEvent[] = [];
    for (const row of rows) {
      const event = asEvent(row as unknown as EventRow);
      if (!this.#accept(event, row)) break;
      events.push(event);
    }
    if (rows.length === 0 && this.isGoingOn) this.#fail('end_missing');
    this.#compareCopies();
    this.#compareGaps();
    return events;
  }

  /** Ends the walk: a segment that it has behind it is not what was attested. */
  refuseSegment(position: Position, cause: unknown): void {
    if (this.#problem === undefined) this.#fail('segment_differs', { position, cause });
  }

  #compareCopies(): void {
    const position = this.#queries.copyDiffersAt?.();
    if (position === undefined || this.#problem !== undefined) return;
    this.#fail('copy_differs', { position });
  }

  /** Compares what was thinned in the ranges that the walk has behind it. */
  #compareGaps(): void {
    if (this.#problem !== undefined) return;
    const passed = this.isGoingOn ? this.#position : Number.POSITIVE_INFINITY;
    const position = this.#gaps?.differsBefore(passed);
    if (position !== undefined) this.#fail('thinning_differs', { position });
  }

  /** A page that cannot be read is read again row by row, to find the first bad one. */
  #readPage(): readonly ChainRow[] {
    try {
      if (this.#isCareful) return this.#queries.rowsOnly.all(this.#position, 1);
      return this.#queries.page.all(this.#position, pageRows);
    } catch (error) {
      refuseUnlessDamage(error);
      if (!this.#isCareful) {
        this.#isCareful = true;
        return this.#readPage();
      }
      this.#fail(isSegmentFault(error) ? 'segment_unusable' : 'unreadable', { cause: error });
      return [];
    }
  }

  #accept(event: StoredEvent, row: ChainRow): boolean {
    try {
      const kind = this.#examine(event, row);
      if (kind !== undefined) {
        this.#fail(kind, { event });
        return false;
      }
    } catch (error) {
      refuseUnlessDamage(error);
      this.#fail('index_differs', { event, cause: error });
      return false;
    }
    this.#position = event.position;
    this.#hash = row[hashColumn];
    return true;
  }

  #examine(event: StoredEvent, row: ChainRow): ChainProblem['kind'] | undefined {
    const [prevHash, hash, areHashes, inIndex, found] = row.slice(hashColumn - 1) as Said;
    if (areHashes !== 1 || !isWhole(event)) return 'unreadable';
    if (event.position !== this.#position + 1 && !this.#passGap(event, prevHash)) {
      return 'events_missing';
    }
    if (prevHash !== this.#hash) return 'link_broken';
    if (this.#hashEvent(this.#hash, event, event) !== hash) return 'hash_differs';
    if (this.#foundAt(event, found) !== hash) return 'not_found';
    if (this.#inIndex(event, inIndex) !== event.position) return 'index_differs';
    return this.#followsInItsStream(event) ? undefined : 'version_gap';
  }

  #foundAt({ position }: StoredEvent, found: string | null | undefined) {
    return found === undefined ? this.#queries.hashAt.get(position) : found;
  }

  #inIndex({ stream, version }: StoredEvent, inIndex: Position | null | undefined) {
    return inIndex === undefined ? this.#queries.positionInIndex.get(stream, version) : inIndex;
  }

  #followsInItsStream(event: StoredEvent): boolean {
    const { stream, version } = event;
    const before = this.#lastVersions.get(stream) ?? this.#versionBefore(stream, version);
    if (this.#lastVersions.size >= streamsRemembered) {
      this.#lastVersions.clear();
    }
    this.#lastVersions.set(stream, version);
    return version === before + 1 || this.#areThinned(event, before);
  }

  /** Whether the versions between two events of a stream were thinned out. */
  #areThinned({ stream, version, position }: StoredEvent, before: Version): boolean {
    const { thinned, positionInIndex } = this.#queries;
    if (before < 0 || version <= before) return false;
    // The event before may have been taken out itself, since the walk passed it.
    const after = positionInIndex.get(stream, before) ?? 0;
    return thinned.coversVersions(stream, [before + 1, version - 1], [after, position]);
  }

  /** Goes on behind a gap that was thinned; its end is what the event after it was appended to. */
  #passGap({ position }: StoredEvent, end: string): boolean {
    const [first, last] = [this.#position + 1, position - 1];
    if (last < first || !this.#queries.thinned.covers(first, last)) return false;
    this.#gaps?.add({ first, last, before: this.#hash, end });
    this.#position = last;
    this.#hash = end;
    return true;
  }

  #versionBefore(stream: string, version: Version): Version {
    const found = version === 0 ? undefined : this.#queries.versionBefore.get(stream, version);
    return found ?? -1;
  }

  #fail(
    kind: ChainProblem['kind'],
    { event, cause, position = this.#position + 1 }: FailedAt = {},
  ): void {
    const detail = cause instanceof Error ? ` (${cause.message})` : '';
    const message = `Position ${position}: ${meanings[kind]}${detail}`;
    // What is found in the place of a missing event is not to blame.
    const isThere = event?.position === position;
    this.#problem = { kind, position, message, event: isThere ? event : undefined };
  }
}

/** What stands at the first bad position, and why it cannot be read. */
interface FailedAt {
  readonly event?: StoredEvent;
  readonly cause?: unknown;
  /** Default: the one after the last event that verified. */
  readonly position?: Position;
}

/** Where the hash stands in a row; the hash before it, and what is said of the row, are beside. */
const hashColumn = 10;

type Said = [
  prevHash: string,
  hash: string,
  areHashes: 0 | 1,
  inIndex?: Position | null,
  found?: string | null,
];

/** Whether every column still is of its type and range: damage can turn one into another. */
function isWhole(event: StoredEvent): boolean {
  return (
    isText(event.stream) &&
    isText(event.id) &&
    isText(event.type) &&
    isText(event.data) &&
    isText(event.meta) &&
    isNumber(event.position) &&
    isNumber(event.version) &&
    isNumber(event.schemaVersion) &&
    isNumber(event.recordedAtMs)
  );
}

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** Lets a damaged database be part of the answer; every other error is thrown on. */
export function refuseUnlessDamage(error: unknown): void {
  if (isSegmentFault(error)) return;
  const fault = asFault(error, 'read the log');
  if (!(fault instanceof DatabaseFault && fault.kind === 'corrupt')) {
    throw fault;
  }
}
