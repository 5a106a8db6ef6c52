/**
 * Rows that come from another log, with the positions, versions and times they have there. Their
 * chain of hashes is computed anew, so that equal heads prove equal logs.
 */
import type Database from 'better-sqlite3';
import type { CopiedEvent } from '../copied.ts';
import type { Position } from '../event-log.ts';
import { damaged } from './condition.ts';
import { formatOfThinned, raiseFormat } from './format.ts';
import { createEventHasher, hashBeforeFirst } from './hash-chain.ts';
import { insertRow } from './segment-writer.ts';

/** The end of a log that is being filled. */
export interface Filled {
  /** Its last event; 0 while it has none. */
  readonly position: Position;
  readonly hash: Uint8Array;
}

/** Fills one log. */
export interface Fill {
  end(): Filled;
  /** Whether there is nothing to add. Throws `LogDamaged` where another event is there. */
  hasAll(events: readonly CopiedEvent[]): boolean;
  /**
   * Adds events that follow each other in the order of their log, without those that are there.
   * Inside a transaction. Throws `LogDamaged` where another event is there.
   */
  add(events: readonly CopiedEvent[]): void;
}

interface EndRow {
  readonly position: Position;
  readonly hash: Buffer;
}

/** Prepares filling the log of a connection. */
export function createFill(db: Database.Database): Fill {
  const last = db.prepare<[], EndRow>(
    'SELECT position, hash FROM events ORDER BY position DESC LIMIT 1',
  );
  const insert = db.prepare(insertRow);
  const idAt = db.prepare<[Position], string>('SELECT id FROM events WHERE position = ?').pluck();
  const hashEvent = createEventHasher();

  function end(): Filled {
    return last.get() ?? { position: 0, hash: hashBeforeFirst };
  }

  function insertBehind(previous: Uint8Array, event: CopiedEvent): Uint8Array {
    if (event.before !== undefined) raiseFormat(db, formatOfThinned);
    const before = event.before === undefined ? previous : Buffer.from(event.before, 'hex');
    const hash = hashEvent(before, event, event);
    const { position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs } = event;
    insert.run(
      ...[position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs],
      ...[before, hash],
    );
    return hash;
  }

  function refuseDifferent(known: CopiedEvent | undefined): void {
    if (known === undefined || idAt.get(known.position) === known.id) return;
    const { position } = known;
    throw damaged(`Position ${position} is not the event that its source has there`, { position });
  }

  return {
    end,
    hasAll(events) {
      const last = events.at(-1);
      if (last !== undefined && last.position > end().position) return false;
      refuseDifferent(last);
      return true;
    },
    add(events) {
      const found = end();
      refuseDifferent(events.findLast(({ position }) => position <= found.position));
      let previous = found.hash;
      for (const event of events) {
        if (event.position > found.position) previous = insertBehind(previous, event);
      }
    },
  };
}
