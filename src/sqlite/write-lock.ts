/**
 * The write lock, shared fairly between processes.
 *
 * SQLite's own queue is no queue: whoever has just committed is awake and takes the lock again,
 * while the others sleep. Here that is made use of. Who finds the lock taken again and again sleeps
 * so long that the holder does many writes in the meantime, undisturbed; then one of the sleepers
 * comes upon a gap between two writes, and the holder is the one who sleeps. A writer so dense that
 * nobody comes upon a gap leaves one, longer than a sleep.
 *
 * Nobody spins: with more processes than cores, spinning takes the very processor the lock's holder
 * needs. Figures in src/log/README.md.
 */
import type Database from 'better-sqlite3';
import { type PauseBounds, shortPauseMs, untilFree, type Waiting, within } from './attempt.ts';
import { createTransactions } from './transaction.ts';

/** Waits for the write lock and runs one transaction under it. */
export interface WriteLock {
  /**
   * Runs `work` in one IMMEDIATE transaction as soon as the lock is free, and tells it whether it
   * is alone: no other connection has committed since the lock was held here before. Rejects with
   * a `DatabaseFault`, of kind `busy` when `waitMsMax` passed first; `work` has not been run then.
   */
  withLock<T>(work: (isAlone: boolean) => T, waitMsMax: number): Promise<T>;
}

/** Sleep of one who found the lock taken, and not for the first time within `contendedMs`. */
const longPauseMs: PauseBounds = { min: 8, max: 14 };
const contendedMs = 250;

/** How long one who knows of others writes without meeting them before leaving them a gap. */
const runMsMax = 100;
const gapMs: PauseBounds = { min: 15, max: 17 };

/** How long the others are remembered after their last sign of life. */
const othersRememberedMs = 500;

/** The write lock of one connection's database. */
export function createWriteLock(db: Database.Database, waiting: Waiting): WriteLock {
  const transactions = createTransactions(db);
  const dataVersion = db.prepare('PRAGMA data_version').pluck();
  let lastDataVersion = dataVersion.get();
  let runStartedAtMs = Number.NEGATIVE_INFINITY;
  let lastHeldAtMs = Number.NEGATIVE_INFINITY;
  let othersSeenAtMs = Number.NEGATIVE_INFINITY;
  let foundTakenAtMs = Number.NEGATIVE_INFINITY;

  async function withLock<T>(work: (isAlone: boolean) => T, waitMsMax: number): Promise<T> {
    const nowMs = waiting.monoMs();
    if (nowMs - lastHeldAtMs >= longPauseMs.max) runStartedAtMs = nowMs;
    if (isGapDue(nowMs)) await leaveGap();
    const isContended = waiting.monoMs() - foundTakenAtMs < contendedMs;
    const pauseMs = () => (isContended ? longPauseMs : shortPauseMs);
    return untilFree(() => tryOnce(work), waiting, waitMsMax, pauseMs);
  }

  function isGapDue(nowMs: number): boolean {
    const isLong = nowMs - runStartedAtMs >= runMsMax;
    return isLong && nowMs - othersSeenAtMs < othersRememberedMs;
  }

  async function leaveGap(): Promise<void> {
    await waiting.pause(within(gapMs, waiting));
    runStartedAtMs = waiting.monoMs();
  }

  function tryOnce<T>(work: (isAlone: boolean) => T) {
    const outcome = transactions.attemptImmediate(() => work(isAlone()));
    if (outcome.busy) {
      meetOthers();
      foundTakenAtMs = waiting.monoMs();
    } else {
      lastHeldAtMs = waiting.monoMs();
    }
    return outcome;
  }

  /** The data version changes when another connection has committed since we last looked. */
  function isAlone(): boolean {
    const current = dataVersion.get();
    if (current === lastDataVersion) return true;
    lastDataVersion = current;
    meetOthers();
    return false;
  }

  function meetOthers(): void {
    othersSeenAtMs = waiting.monoMs();
    runStartedAtMs = othersSeenAtMs;
  }

  return { withLock };
}
