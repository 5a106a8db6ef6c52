/**
 * Verification of a log: that every event is what was written, and that none is missing.
 *
 * Somebody who can write the file can also compute a whole new chain; only a hash that was kept
 * elsewhere tells.
 */
import type Database from 'better-sqlite3';
import type { Breathe } from '../breathe.ts';
import type { LogHead, Position, StoredEvent } from '../event-log.ts';
import { type ChainProblem, ChainWalk, prepareChainQueries } from './chain-walk.ts';
import { refuseOtherDigest } from './segment-file.ts';
import type { Segments } from './segments.ts';
import { prepareWholeChain } from './whole-chain.ts';

/** What a verification found. */
export interface ChainReport {
  /** The first problem; undefined when all is well. */
  readonly problem: ChainProblem | undefined;
  /** The last event that verified. */
  readonly head: LogHead;
}

/** Hears how far a long piece of work has come. */
export type OnProgress = (progress: { readonly done: number; readonly total: number }) => void;

/** What to verify. */
export interface VerifyOptions {
  /** First position to verify; the hash before it is taken as given. Default: the first of all. */
  readonly from?: Position;
  readonly onProgress?: OnProgress;
  /** Hears, page by page and in order, of the events that are as they were written. */
  readonly onVerified?: (events: readonly StoredEvent[]) => void | Promise<void>;
}

/** How many events are verified before a log is opened for writing. */
const tailEvents = 200;

/**
 * Verifies up to where the log stands now, and breathes, so that everything else goes on. With
 * `segments`, what is in files of its own is verified like the rest, and the files themselves.
 */
export async function verifyChain(
  db: Database.Database,
  { from = 1, onProgress, onVerified }: VerifyOptions,
  breathe: Breathe,
  segments?: Segments,
): Promise<ChainReport> {
  const queries = segments ? prepareWholeChain(db, segments) : prepareChainQueries(db);
  const walk = new ChainWalk(queries, from);
  let checkedUpTo = from - 1;
  while (walk.isGoingOn) {
    const events = walk.nextPage();
    await onVerified?.(events);
    onProgress?.({ done: walk.head.position, total: walk.end });
    const passed = segments?.known.find(
      ({ upTo }) => upTo > checkedUpTo && upTo <= walk.head.position,
    );
    if (passed !== undefined) {
      await refuseOtherDigest(passed).catch((fault) => walk.refuseSegment(passed.from, fault));
      checkedUpTo = passed.upTo;
    }
    await breathe();
  }
  return { problem: walk.problem, head: walk.head };
}

/** Verifies the last events, at once. */
export function verifyTail(db: Database.Database): ChainReport {
  const queries = prepareChainQueries(db);
  const end = queries.end.get()!;
  const walk = new ChainWalk(queries, Math.max(1, end - tailEvents + 1), { attested: false });
  while (walk.isGoingOn) walk.nextPage();
  return { problem: walk.problem, head: walk.head };
}
