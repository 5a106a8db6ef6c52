/** Appends, inside a write transaction: compares, hashes, inserts. */
import type Database from 'better-sqlite3';
import { compare, type StreamView } from '../compare.ts';
import type {
  AppendResult,
  NewEvent,
  Position,
  StoredEvent,
  StreamWrite,
  Version,
} from '../event-log.ts';
import { damaged } from './condition.ts';
import { formatKnown, tooNew } from './format.ts';
import { createEventHasher, hashBeforeFirst, type Place } from './hash-chain.ts';
import type { Segments } from './segments.ts';

/** As a list, which SQLite's binding makes in half the time. */
type Standing = readonly [
  minWriter: number,
  /** The last position ever given out; null before the first event. */
  given: Position | null,
  position: Position | null,
  hash: Buffer | null,
];

const selectStanding = `
  SELECT log_meta.min_writer, sqlite_sequence.seq, last.position, last.hash
  FROM log_meta
  LEFT JOIN sqlite_sequence ON sqlite_sequence.name = 'events'
  LEFT JOIN events AS last ON last.position = (SELECT max(position) FROM events)`;

const insertEvent = `
  INSERT INTO events (position, stream, version, id, type, schema_version, data, meta,
    recorded_at, prev_hash, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Makes the commit write, and therefore sync. Storing the same value again would not. */
const countRepeat = 'UPDATE log_meta SET repeats = repeats + 1';

/** The appends of one connection. Everything here happens inside a write transaction. */
export class Appender {
  readonly #hashEvent = createEventHasher();
  readonly #view: StreamView;
  readonly #standing: Database.Statement<[], Standing>;
  readonly #insert: Database.Statement;
  readonly #countRepeat: Database.Statement;
  readonly #nowMs: () => number;
  #position: Position = 0;
  #hash: Uint8Array = hashBeforeFirst;
  #recordedAtMs = 0;
  #hasGrown = false;
  #hasRepeats = false;
  #isCommitted = false;

  constructor(db: Database.Database, segments: Segments, nowMs: () => number) {
    this.#view = createStreamView(db, segments);
    this.#standing = db.prepare<[], Standing>(selectStanding).raw();
    this.#insert = db.prepare(insertEvent);
    this.#countRepeat = db.prepare(countRepeat);
    this.#nowMs = nowMs;
  }

  /**
   * Comes first in every transaction: sees where the log stands. Throws when it is not fit. It
   * stands where it was left when nobody else has written since, and that was committed.
   */
  begin(isAlone = false): void {
    if (!isAlone || !this.#isCommitted) this.#look();
    this.#isCommitted = false;
    this.#recordedAtMs = Math.trunc(this.#nowMs());
    this.#hasGrown = false;
    this.#hasRepeats = false;
  }

  #look(): void {
    const [minWriter, given, position, hash] = this.#standing.get()!;
    if (minWriter > formatKnown) {
      throw tooNew('write', minWriter);
    }
    if (given !== position) {
      const end = position ?? 0;
      throw damaged(`Position ${given} was given out, the log ends at ${end}`, {
        position: end + 1,
      });
    }
    this.#position = position ?? 0;
    this.#hash = hash ?? hashBeforeFirst;
  }

  /** Stores one append, or says why not. Later ones in the transaction see what it stored. */
  apply(writes: readonly StreamWrite[]): AppendResult {
    const verdict = compare(writes, this.#view);
    if (!verdict.ok) {
      return verdict;
    }
    if (verdict.stored) {
      this.#hasRepeats = true;
      return verdict.stored;
    }
    const versions = writes.map((write, index) => this.#storeAll(write, verdict.bases[index]!));
    return { ok: true, position: this.#position, versions, repeated: false };
  }

  /**
   * Comes last. Tells whether the log has grown.
   *
   * What was found stored may not be durable yet: its writer may have died between writing and
   * syncing. A repeat is answered like a first append, so its commit must sync like one.
   */
  end(): boolean {
    if (this.#hasRepeats && !this.#hasGrown) {
      this.#countRepeat.run();
    }
    return this.#hasGrown;
  }

  /** Comes after the transaction, when it was committed. */
  committed(): void {
    this.#isCommitted = true;
  }

  #storeAll({ stream, events }: StreamWrite, base: Version): Version {
    let version = base;
    for (const event of events) {
      version += 1;
      this.#position += 1;
      const position = this.#position;
      this.#store({ position, stream, version, recordedAtMs: this.#recordedAtMs }, event);
    }
    return version;
  }

  #store(place: Place, event: NewEvent): void {
    const previous = this.#hash;
    this.#hash = this.#hashEvent(previous, place, event);
    this.#insert.run(
      place.position,
      place.stream,
      place.version,
      event.id,
      event.type,
      event.schemaVersion,
      event.data,
      event.meta,
      place.recordedAtMs,
      previous,
      this.#hash,
    );
    this.#hasGrown = true;
  }
}

/**
 * Streams as this connection sees them. What left the log for a segment is only looked up to
 * recognise the repeat of an old append.
 */
export function createStreamView(db: Database.Database, segments: Segments): StreamView {
  const lastVersion = db
    .prepare<[string], Version>(
      'SELECT version FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1',
    )
    .pluck();
  const ids = db.prepare<[string, Version, number], Pick<StoredEvent, 'version' | 'id'>>(
    'SELECT version, id FROM events WHERE stream = ? AND version >= ? ORDER BY version LIMIT ?',
  );
  const versionOf = db.prepare<
    [string, string, string],
    { version: Version | null; first: Version }
  >(`
    SELECT (SELECT version FROM events WHERE stream = ? AND id = ? ORDER BY version DESC LIMIT 1)
      AS version, ifnull((SELECT min(version) FROM events WHERE stream = ?), 0) AS first`);
  const positionAt = db
    .prepare<[string, Version], Position>(
      'SELECT position FROM events WHERE stream = ? AND version = ?',
    )
    .pluck();

  function archived(stream: string, first: Version, last: Version): readonly StoredEvent[] {
    segments.lookAgain();
    const everywhere = { before: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER };
    return segments.ofStream(stream, { first, last, ...everywhere }).toReversed();
  }

  return {
    lastVersion: (stream) => lastVersion.get(stream) ?? -1,
    idsFrom(stream, from, count) {
      const rows = ids.all(stream, from, count);
      const missing = (rows[0]?.version ?? from) - from;
      const before = missing > 0 ? archived(stream, from, from + missing - 1) : [];
      return [...before, ...rows].slice(0, count).map(({ id }) => id);
    },
    versionOf(stream, id) {
      const { version, first } = versionOf.get(stream, id, stream)!;
      if (version !== null || first === 0) return version ?? undefined;
      return archived(stream, 0, first - 1).findLast((event) => event.id === id)?.version;
    },
    positionAt: (stream, version) =>
      positionAt.get(stream, version) ?? archived(stream, version, version)[0]!.position,
  };
}
