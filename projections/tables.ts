/** One open database of tables: what it says, how far it has come, and how it moves on. */
import type Database from 'better-sqlite3';
import type { Recorded } from '../src/domain/catalogue.ts';
import { type Checkpoints, createCheckpoints } from '../src/sqlite/checkpoints.ts';
import { createTransactions } from '../src/sqlite/transaction.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint/checkpoint.ts';
import { openFold } from './fold.ts';
import { prepareQueries, type Queries } from './queries.ts';

/** Events to fold, and the checkpoints before and after them. */
export interface Page {
  readonly from: Checkpoint;
  readonly events: readonly Recorded[];
  readonly to: Checkpoint;
}

/** An open database of tables. */
export interface Tables {
  readonly queries: Queries;
  /** Undefined when a rebuilt file has taken this one's place. */
  checkpoint(): Checkpoint | undefined;
  /**
   * Folds a page and moves the checkpoint, both or neither. False when somebody else has moved it.
   * Throws a `DatabaseFault` of kind `busy` while somebody else is writing.
   */
  apply(page: Page): boolean;
  /** Not made by `apply`: whoever calls that sees to them. */
  readonly checkpoints: Checkpoints;
  /** Says that a rebuilt file has taken this one's place. */
  retire(): void;
  close(): void;
}

/** The tables of a database that has their shapes; one opened for reading cannot apply. */
export function openTables(db: Database.Database): Tables {
  const store = openCheckpoint(db);
  const transactions = createTransactions(db);
  const fold = openFold(db);
  /** Where the rows stand that the fold has kept; elsewhere somebody else has folded since. */
  let keptAt: Checkpoint | undefined;

  function apply({ from, events, to }: Page): boolean {
    if (!isSamePlace(from, keptAt)) fold.forget();
    keptAt = undefined;
    try {
      const isFirst = transactions.immediate(() => {
        if (!store.advance(from, to)) return false;
        for (const event of events) fold.fold(event);
        fold.flush();
        return true;
      });
      if (isFirst) keptAt = to;
      return isFirst;
    } catch (error) {
      fold.forget();
      throw error;
    }
  }

  return {
    queries: prepareQueries(db),
    checkpoint: store.read,
    apply,
    checkpoints: createCheckpoints(db),
    retire: () => transactions.immediate(store.retire),
    close: () => db.close(),
  };
}

function isSamePlace(one: Checkpoint, other: Checkpoint | undefined): boolean {
  return one.position === other?.position && one.epoch === other.epoch && one.hash === other.hash;
}
