/**
 * Checkpoints apart from commits: carrying the write-ahead log over into the file.
 *
 * Left alone, SQLite does that at the end of the commit that makes the log a thousand pages long:
 * a thousand writes and two syncs, right behind the transaction, and the event loop stands still
 * for both. Here the writer asks after its commit, and makes the checkpoint in another turn.
 */
import type Database from 'better-sqlite3';

/** The checkpoints of one connection. */
export interface Checkpoints {
  /** Whether the log holds so much that it should be carried over. Microseconds. */
  areDue(): boolean;
  /** Carries over what nobody reads any more: some ms. Nothing happens to a closed connection. */
  make(): void;
}

/** When to carry the log over, and when SQLite does it in a commit all the same; in pages. */
const pagesMax = { here: 1_000, inCommit: 4_000 } as const;

type Counts = readonly [busy: number, inLog: number, carriedOver: number];

/** Takes the checkpoints of a connection out of its commits, as long as somebody asks here. */
export function createCheckpoints(db: Database.Database): Checkpoints {
  db.pragma(`wal_autocheckpoint = ${pagesMax.inCommit}`);
  const counts = db.prepare<[], Counts>('PRAGMA wal_checkpoint(NOOP)').raw();
  const carryOver = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').raw();

  function areDue(): boolean {
    const [, inLog, carriedOver] = counts.get()!;
    return inLog - carriedOver >= pagesMax.here;
  }

  function make(): void {
    if (!db.open) return;
    try {
      carryOver.get();
    } catch {
      // As in a commit: the log keeps what could not be carried over, and the next write will tell.
    }
  }

  return { areDue, make };
}
