/** How far the tables have come, and in which log. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Position } from '../../src/log/event-log.ts';

/** The place in the log up to which everything is in the tables. */
export interface Checkpoint {
  /** Of the last event folded; 0 before the first. */
  readonly position: Position;
  /** Of the log the events came from. */
  readonly epoch: string;
  /** Of that event, as the log gives it; empty before the first. */
  readonly hash: string;
}

/** The checkpoint of one database. */
export interface CheckpointStore {
  /** Undefined when a rebuilt file has taken this one's place. */
  read(): Checkpoint | undefined;
  /** Moves on from `from`; false, and nothing changed, when it stands elsewhere by now. */
  advance(from: Checkpoint, to: Checkpoint): boolean;
  /** Says that a rebuilt file has taken this one's place. */
  retire(): void;
}

/** The SQL that creates the table. */
export const checkpointShape = readFileSync(new URL('./checkpoint.sql', import.meta.url), 'utf8');

/** The checkpoint of a database that has the table. */
export function openCheckpoint(db: Database.Database): CheckpointStore {
  const select = db.prepare<[], Checkpoint>(
    'SELECT position, epoch, hash FROM checkpoint WHERE NOT is_retired',
  );
  const update = db.prepare<[{ from: number; epoch: string; hash: string; position: number }]>(
    `UPDATE checkpoint SET position = @position, hash = @hash
     WHERE position = @from AND epoch = @epoch AND NOT is_retired`,
  );
  const retire = db.prepare('UPDATE checkpoint SET is_retired = 1');

  return {
    read: () => select.get(),
    advance(from, { position, epoch, hash }) {
      return update.run({ from: from.position, position, epoch, hash }).changes === 1;
    },
    retire: () => void retire.run(),
  };
}

/** The checkpoint of empty tables, for this log. */
export function startAt(epoch: string): Checkpoint {
  return { position: 0, epoch, hash: '' };
}
