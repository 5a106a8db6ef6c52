/** Folds events into all tables of a database. */
import Database from 'better-sqlite3';
import type { EventType, Recorded } from '../src/domain/catalogue.ts';
import { checkpointShape } from './checkpoint/checkpoint.ts';
import { projections } from './index.ts';
import { type Folding, type Projection, ProjectionStopped } from './projection.ts';

/** All projections at work on one database, inside a transaction of the caller. */
export interface Fold {
  /**
   * Folds one event; rows may be held back until `flush`. Throws `ProjectionStopped` at an event
   * that cannot have happened.
   */
  fold(event: Recorded): void;
  /**
   * Writes the rows held back. What is likely to be asked for again stays in memory, for whoever
   * alone writes to the tables; `forget` when somebody else may have.
   */
  flush(): void;
  /** Forgets all rows in memory: the transaction is given up, or others have written. */
  forget(): void;
}

/** Creates the tables of all projections, or of some, empty. */
export function createTables(
  db: Database.Database,
  epoch: string,
  among: readonly Projection[] = projections,
): void {
  db.exec(checkpointShape);
  for (const { shape } of among) db.exec(shape);
  db.prepare(`INSERT INTO checkpoint (position, epoch, hash) VALUES (0, ?, '')`).run(epoch);
}

/**
 * Prepares to fold into a database that has the tables, or some of them. Of the projections that
 * are `apart`, something else takes the events.
 */
export function openFold(
  db: Database.Database,
  among: readonly Projection[] = projections,
  apart: ReadonlyMap<Projection, Folding> = new Map(),
): Fold {
  const opened = among.map((projection) => {
    return { folds: projection.folds, folding: apart.get(projection) ?? projection.open(db) };
  });
  const foldings = opened.map(({ folding }) => folding);
  const byType = new Map<string, readonly Folding[]>();

  /** The foldings of a type of event, in the order of all projections. */
  function foldingsOf(type: EventType): readonly Folding[] {
    const known = byType.get(type);
    if (known !== undefined) return known;
    const found = opened.filter(({ folds }) => folds.includes(type)).map(({ folding }) => folding);
    byType.set(type, found);
    return found;
  }

  function fold(event: Recorded): void {
    const step = { event, tasks: [], runs: [] };
    try {
      for (const folding of foldingsOf(event.type)) folding.fold(step);
    } catch (cause) {
      throw isStorageFault(cause) ? cause : new ProjectionStopped(event, cause);
    }
  }

  function flush(): void {
    for (const folding of foldings) folding.flush?.();
    for (const { letGo, forget } of foldings) (letGo ?? forget)?.();
  }

  function forget(): void {
    for (const folding of foldings) folding.forget?.();
  }

  return { fold, flush, forget };
}

/** A full disk says nothing about the event; a broken constraint does. */
function isStorageFault(cause: unknown): boolean {
  return cause instanceof Database.SqliteError && !cause.code.startsWith('SQLITE_CONSTRAINT');
}
