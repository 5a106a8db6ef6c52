/**
 * The one way to write: an IMMEDIATE transaction.
 *
 * A deferred one that reads first and writes later fails with SQLITE_BUSY_SNAPSHOT whenever
 * somebody else wrote in between, and no waiting cures that; an immediate one owns the lock from
 * its first statement or not at all.
 */
import type Database from 'better-sqlite3';
import type { Attempt } from './attempt.ts';
import { asFault, DatabaseFault, isBusy } from './faults.ts';

/** The transactions of one connection. */
export interface Transactions {
  /**
   * Runs `work` in one transaction and answers what it returned. What it throws rolls everything
   * back and is thrown on. Throws a `DatabaseFault`, at once and of kind `busy` when somebody
   * else is writing.
   */
  immediate<T>(work: () => T): T;
  /** The same, but answers busy instead of throwing it; `work` has not been run then. */
  attemptImmediate<T>(work: () => T): Attempt<T>;
}

/** Prepares the transactions of a connection. They do not nest. */
export function createTransactions(db: Database.Database): Transactions {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');

  function attemptImmediate<T>(work: () => T): Attempt<T> {
    if (!tryToBegin()) {
      return { busy: true };
    }
    const value = doOrUndo(() => refusePromise(work()), 'write to the database', false);
    doOrUndo(() => commit.run(), 'commit', true);
    return { busy: false, value };
  }

  function immediate<T>(work: () => T): T {
    const outcome = attemptImmediate(work);
    if (outcome.busy) {
      throw new DatabaseFault('Somebody else is writing to the database', {
        kind: 'busy',
        code: 'SQLITE_BUSY',
      });
    }
    return outcome.value;
  }

  function tryToBegin(): boolean {
    try {
      begin.run();
      return true;
    } catch (error) {
      if (isBusy(error)) {
        return false;
      }
      throw asFault(error, 'begin a transaction');
    }
  }

  function doOrUndo<T>(step: () => T, attempted: string, duringCommit: boolean): T {
    try {
      return step();
    } catch (error) {
      undo();
      throw asFault(error, attempted, duringCommit);
    }
  }

  /**
   * SQLite has rolled back by itself after the gravest errors; the first error is the one to tell.
   */
  function undo(): void {
    try {
      if (db.inTransaction) {
        rollback.run();
      }
    } catch {
      // Whatever stopped the transaction stops the rollback too, and is on its way to the caller.
    }
  }

  return { immediate, attemptImmediate };
}

/** A transaction ends when `work` returns: what a promise does later would be outside of it. */
function refusePromise<T>(value: T): T {
  if (value instanceof Promise) {
    throw new TypeError('A transaction is synchronous: its work must not return a promise');
  }
  return value;
}
