/** A log in a directory that another is copied into: under a name of its own until it is whole. */
import { rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { createWriteLock } from '../../sqlite/write-lock.ts';
import { createBreathe } from '../breathe.ts';
import type { CopyTarget } from '../copying/copy.ts';
import { targetDiffers } from '../copying/faults.ts';
import { LogDamaged, type LogHead, type Position } from '../event-log.ts';
import { asLogFault, damaged } from './condition.ts';
import { createFill } from './fill.ts';
import { type SqliteLogDeps, waitingOn } from './opening.ts';
import { publish } from './publish.ts';
import { verifyChain } from './verify.ts';

/** How long an addition waits for whoever else writes to the log, ms. */
const lockWaitMsMax = 10_000;

/** The file that is filled. */
export interface TargetFile {
  readonly path: string;
  /** What it is called once it is whole; undefined for a log that was there before. */
  readonly becomes: string | undefined;
}

/** The log of an open database as a target. */
export function createCopyTarget(
  db: Database.Database,
  { path, becomes }: TargetFile,
  deps: SqliteLogDeps,
): CopyTarget {
  const fill = createFill(db);
  const lock = createWriteLock(db, waitingOn(deps));
  const start = fill.end().position;
  const isThere = db.prepare<[Position]>('SELECT 1 FROM events WHERE position = ?');

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asLogFault(error, `copy to ${path}`);
    }
  }

  function headNow(): LogHead {
    const { position, hash } = fill.end();
    return { position, hash: position === 0 ? '' : Buffer.from(hash).toString('hex') };
  }

  return {
    label: path,
    head: async () => headNow(),
    has: async (position) => isThere.get(position) !== undefined,
    add: (events) =>
      attempt(() => lock.withLock(() => fill.add(events), lockWaitMsMax)).catch((fault) => {
        throw fault instanceof LogDamaged ? targetDiffers(path, fault.message) : fault;
      }),
    verify: (onProgress) =>
      attempt(async () => {
        // Of a log that was there, what was there is its own affair.
        const from = becomes === undefined ? start + 1 : 1;
        const report = await verifyChain(db, { from, onProgress }, createBreathe(deps));
        if (report.problem !== undefined) throw damaged(report.problem.message, report.problem);
        return headNow();
      }),
    publish: () =>
      attempt(async () => {
        if (becomes === undefined) return;
        db.close();
        await publish(path, becomes);
      }),
    async close() {
      if (!db.open) return;
      const isNothing = becomes !== undefined && fill.end().position === 0;
      db.close();
      if (isNothing) rmSync(path);
    },
  };
}
