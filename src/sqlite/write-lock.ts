/**
 * The write lock, shared fairly between processes.
 *
 * SQLite's own queue is no queue: whoever has just committed is awake and takes the lock again,
 * while the others sleep. So writers take turns. One that knows of others writes for `turnMs`, then
 * steps back for longer than a waiter sleeps. One that had nothing to write for so long has stepped
 * back already. Nobody spins: with more processes than cores,
 * spinning takes the very processor the lock's holder needs (measured, see src/log/README.md).
 */
import type Database from 'better-sqlite3';
import { untilFree, type Waiting } from './attempt.ts';
import { createTransactions } from './transaction.ts';

/** Waits for the write lock and runs one transaction under it. */
export interface WriteLock {
  /**
   * Runs `work` in one IMMEDIATE transaction as soon as the lock is free. Rejects with a
   * `DatabaseFault`, of kind `busy` when `waitMsMax` passed first; `work` has not been run then.
   */
  withLock<T>(work: () => T, waitMsMax: number): Promise<T>;
}

/** How long a writer that knows of others goes on before it steps back. */
const turnMs = 8;

/** Bounds of the pause of one who steps back. */
const stepBackMsMin = 2;
const stepBackMsMax = 4;

/** How long the others are remembered after their last sign of life. */
const othersRememberedMs = 500;

/** The write lock of one connection's database. */
export function createWriteLock(db: Database.Database, waiting: Waiting): WriteLock {
  const transactions = createTransactions(db);
  const dataVersion = db.prepare('PRAGMA data_version').pluck();
  let lastDataVersion = dataVersion.get();
  let turnStartedAtMs = Number.NEGATIVE_INFINITY;
  let lastHeldAtMs = Number.NEGATIVE_INFINITY;
  let othersSeenAtMs = Number.NEGATIVE_INFINITY;

  async function withLock<T>(work: () => T, waitMsMax: number): Promise<T> {
    await stepBackAfterTurn();
    return untilFree(() => tryOnce(work), waiting, waitMsMax);
  }

  async function stepBackAfterTurn(): Promise<void> {
    const nowMs = waiting.monoMs();
    if (nowMs - lastHeldAtMs >= stepBackMsMax) {
      turnStartedAtMs = nowMs;
    }
    const turnIsOver = nowMs - turnStartedAtMs >= turnMs;
    if (turnIsOver && nowMs - othersSeenAtMs < othersRememberedMs) {
      await waiting.pause(stepBackMsMin + waiting.random() * (stepBackMsMax - stepBackMsMin));
      turnStartedAtMs = waiting.monoMs();
    }
  }

  function tryOnce<T>(work: () => T) {
    const outcome = transactions.attemptImmediate(() => {
      noticeOtherWriters();
      return work();
    });
    const nowMs = waiting.monoMs();
    if (outcome.busy) {
      othersSeenAtMs = nowMs;
      turnStartedAtMs = nowMs;
    } else {
      lastHeldAtMs = nowMs;
    }
    return outcome;
  }

  /** The data version changes when another connection has committed since we last looked. */
  function noticeOtherWriters(): void {
    const current = dataVersion.get();
    if (current !== lastDataVersion) {
      lastDataVersion = current;
      othersSeenAtMs = waiting.monoMs();
    }
  }

  return { withLock };
}
