/**
 * A walk along the hash chain, page by page, up to the first thing that is not as it was written.
 */
import type Database from 'better-sqlite3';
import { asFault, DatabaseFault } from '../../sqlite/faults.ts';
import type { LogHead, Position, StoredEvent, Version } from '../event-log.ts';
import { createEventHasher, hashBeforeFirst } from './hash-chain.ts';
import { eventColumns } from './read.ts';

/** Something that is not as it was written. */
export interface ChainProblem {
  readonly kind: keyof typeof meanings;
  /** First position that does not verify. */
  readonly position: Position;
  readonly message: string;
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
};

/** The questions a walk asks, prepared once for a connection. */
export interface ChainQueries {
  readonly page: Database.Statement<[Position, number], ChainRow>;
  /** Answered by the index of streams alone, which every decision about a stream relies on. */
  readonly positionInIndex: Database.Statement<[string, Version], Position>;
  readonly versionBefore: Database.Statement<[string, Version], Version>;
  readonly hashAt: Database.Statement<[Position], Buffer>;
  /** The last position there is, or ever was: a log that lost its end still knows it. */
  readonly end: Database.Statement<[], Position>;
}

interface ChainRow extends StoredEvent {
  readonly prevHash: Buffer;
  readonly hash: Buffer;
}

const pageRows = 200;

/** How many streams a walk remembers; of the others it asks the database. */
const streamsRemembered = 10_000;

/** Prepares what a walk asks. */
export function prepareChainQueries(db: Database.Database): ChainQueries {
  return {
    page: db.prepare<[Position, number], ChainRow>(`
      SELECT ${eventColumns}, prev_hash AS prevHash, hash
      FROM events WHERE position > ? ORDER BY position LIMIT ?`),
    positionInIndex: db
      .prepare<[string, Version], Position>(
        'SELECT position FROM events WHERE stream = ? AND version = ?',
      )
      .pluck(),
    versionBefore: db
      .prepare<[string, Version], Version>(
        'SELECT version FROM events WHERE stream = ? AND version < ? ORDER BY version DESC LIMIT 1',
      )
      .pluck(),
    hashAt: db.prepare<[Position], Buffer>('SELECT hash FROM events WHERE position = ?').pluck(),
    end: db
      .prepare<[], Position>(`
        SELECT max(
          ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0),
          ifnull((SELECT max(position) FROM events), 0))`)
      .pluck(),
  };
}

/** Verifies from one position to where the log stood when the walk began. */
export class ChainWalk {
  /** The last position to verify. */
  readonly end: Position;
  readonly #queries: ChainQueries;
  readonly #hashEvent = createEventHasher();
  readonly #lastVersions = new Map<string, Version>();
  #position: Position;
  #hash: Uint8Array;
  #rowsAtOnce = pageRows;
  #problem: ChainProblem | undefined;

  /** Starts before position `from`; the hash of the event before it is taken as given. */
  constructor(queries: ChainQueries, from: Position) {
    this.#queries = queries;
    this.end = queries.end.get()!;
    this.#position = from - 1;
    this.#hash = queries.hashAt.get(this.#position) ?? hashBeforeFirst;
  }

  /** The first problem; undefined while there is none. */
  get problem(): ChainProblem | undefined {
    return this.#problem;
  }

  /** The last event that verified. */
  get head(): LogHead {
    const hash = this.#position === 0 ? '' : Buffer.from(this.#hash).toString('hex');
    return { position: this.#position, hash };
  }

  /** Verifies the next page. Tells whether there is more to do. */
  nextPage(): boolean {
    const rows = this.#readPage();
    rows.every((row) => this.#accept(row));
    if (rows.length === 0 && this.#problem === undefined && this.#position < this.end) {
      this.#fail('end_missing');
    }
    return this.#problem === undefined && this.#position < this.end;
  }

  /** A page that cannot be read is read again row by row, to find the first bad one. */
  #readPage(): readonly ChainRow[] {
    try {
      return this.#queries.page.all(this.#position, this.#rowsAtOnce);
    } catch (error) {
      refuseUnlessDamage(error);
      if (this.#rowsAtOnce > 1) {
        this.#rowsAtOnce = 1;
        return this.#readPage();
      }
      this.#fail('unreadable', error);
      return [];
    }
  }

  #accept(row: ChainRow): boolean {
    try {
      const kind = this.#examine(row);
      if (kind !== undefined) {
        this.#fail(kind);
        return false;
      }
    } catch (error) {
      refuseUnlessDamage(error);
      this.#fail('index_differs', error);
      return false;
    }
    this.#position = row.position;
    this.#hash = row.hash;
    return true;
  }

  #examine(row: ChainRow): ChainProblem['kind'] | undefined {
    if (row.position !== this.#position + 1) {
      return 'events_missing';
    }
    if (!isWhole(row)) {
      return 'unreadable';
    }
    if (!row.prevHash.equals(this.#hash)) {
      return 'link_broken';
    }
    if (!this.#hashEvent(this.#hash, row, row).equals(row.hash)) {
      return 'hash_differs';
    }
    // Walking from row to row, SQLite does not ask the pages above; whoever reads from here does.
    if (this.#queries.hashAt.get(row.position)?.equals(row.hash) !== true) {
      return 'not_found';
    }
    if (this.#queries.positionInIndex.get(row.stream, row.version) !== row.position) {
      return 'index_differs';
    }
    return this.#followsInItsStream(row) ? undefined : 'version_gap';
  }

  #followsInItsStream({ stream, version }: ChainRow): boolean {
    const before = this.#lastVersions.get(stream) ?? this.#versionBefore(stream, version);
    if (this.#lastVersions.size >= streamsRemembered) {
      this.#lastVersions.clear();
    }
    this.#lastVersions.set(stream, version);
    return version === before + 1;
  }

  #versionBefore(stream: string, version: Version): Version {
    const found = version === 0 ? undefined : this.#queries.versionBefore.get(stream, version);
    return found ?? -1;
  }

  #fail(kind: ChainProblem['kind'], cause?: unknown): void {
    const position = this.#position + 1;
    const detail = cause instanceof Error ? ` (${cause.message})` : '';
    this.#problem = { kind, position, message: `Position ${position}: ${meanings[kind]}${detail}` };
  }
}

/** Whether every column still is of its type and range: damage can turn one into another. */
function isWhole({ prevHash, hash, ...row }: ChainRow): boolean {
  const texts = [row.stream, row.id, row.type, row.data, row.meta];
  const numbers = [row.position, row.version, row.schemaVersion, row.recordedAtMs];
  const isNumber = (value: number) => Number.isSafeInteger(value) && value >= 0;
  const areTexts = texts.every((text) => typeof text === 'string');
  return areTexts && numbers.every(isNumber) && Buffer.isBuffer(prevHash) && Buffer.isBuffer(hash);
}

/** Lets a damaged database be part of the answer; every other error is thrown on. */
function refuseUnlessDamage(error: unknown): void {
  const fault = asFault(error, 'read the log');
  if (!(fault instanceof DatabaseFault && fault.kind === 'corrupt')) {
    throw fault;
  }
}
