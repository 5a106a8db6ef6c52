/**
 * Small writes that share transactions: beginning and committing one costs far more than a row.
 *
 * The first in a turn of the event loop is committed at once, so that nobody waits where nothing
 * else is going on; whoever comes later in that turn shares the transaction of the next. For files
 * whose writers have little to say and want no more than to be heard; the log has a group commit
 * of its own.
 */
import type { WriteLock } from './write-lock.ts';

/**
 * Resolves with what `work` returned, once the transaction that carried it is committed. What is
 * carried together stands or falls together: when one throws, all are rejected with it, and nothing
 * of any of them is in the file.
 */
export type WriteShared = <T>(work: () => T) => Promise<T>;

/** What sharing takes from the world around it. */
export interface SharedWritesDeps {
  readonly lock: WriteLock;
  /** Calls once the input already there has been served, in a turn of its own. */
  immediate(fn: () => void): void;
  /** How long a transaction may wait for the lock before its writes are refused as busy, in ms. */
  readonly waitMsMax: number;
}

interface Pending {
  /** Does the work, and answers how to tell what came of it. */
  readonly work: () => () => void;
  readonly reject: (reason: unknown) => void;
}

/** The writes of one connection; none is waiting yet. */
export function createSharedWrites({ lock, immediate, waitMsMax }: SharedWritesDeps): WriteShared {
  const queue: Pending[] = [];
  let isRunning = false;
  let isTurnTaken = false;

  function run(): void {
    if (isRunning || isTurnTaken || queue.length === 0) return;
    isRunning = true;
    takeTurn();
    // Those who were woken together with this one are still to ask.
    queueMicrotask(() => void writeNext());
  }

  function takeTurn(): void {
    isTurnTaken = true;
    immediate(() => {
      isTurnTaken = false;
      run();
    });
  }

  async function writeNext(): Promise<void> {
    let carried: readonly Pending[] = [];
    try {
      const tellings = await lock.withLock(() => {
        carried = queue.splice(0);
        return carried.map(({ work }) => work());
      }, waitMsMax);
      for (const tell of tellings) tell();
    } catch (error) {
      const refused = carried.length > 0 ? carried : queue.splice(0);
      for (const { reject } of refused) reject(error);
    }
    isRunning = false;
    run();
  }

  return (work) =>
    new Promise((resolve, reject) => {
      const doWork = () => {
        const value = work();
        return () => resolve(value);
      };
      queue.push({ work: doWork, reject });
      run();
    });
}
