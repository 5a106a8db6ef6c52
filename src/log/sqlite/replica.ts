/**
 * A replica: the events of a log that lives on a cluster, in an embedded log of this host.
 *
 * It holds what can be fetched again, so it does not wait for the disk. Every process of the host
 * fills the same one: rows and the place up to which the cluster was looked through change in one
 * transaction, and who comes with what is there already leaves it out. All the rest of an embedded
 * log, its chain of hashes included, is the same on every host, since the order is.
 */
import type Database from 'better-sqlite3';
import { type Attempt, untilFree } from '../../sqlite/attempt.ts';
import { createTransactions } from '../../sqlite/transaction.ts';
import type { StreamView } from '../compare.ts';
import type { CopiedEvent } from '../copied.ts';
import { LogUnavailable, type Position } from '../event-log.ts';
import { createStreamView } from './append.ts';
import { asLogFault } from './condition.ts';
import { createFill } from './fill.ts';
import { formatOfReplica, isReplica, raiseFormat } from './format.ts';
import { OpenLog, type SqliteLog } from './open-log.ts';
import { openParts, type SqliteLogDeps } from './opening.ts';

/** How far the cluster's own log was looked through: both halves of its position. */
export interface SourcePosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Whether a place is behind another in the order of the cluster; the beginning is undefined. */
export function isBeyond(one: SourcePosition, other: SourcePosition | undefined): boolean {
  if (other === undefined) return true;
  return one.commit === other.commit ? one.prepare > other.prepare : one.commit > other.commit;
}

/** How far a replica is. */
export interface ReplicaCheckpoint {
  /** Its last event; 0 while it has none. */
  readonly position: Position;
  /** Everything up to here was looked at; undefined before the first look. */
  readonly source: SourcePosition | undefined;
}

/** Which board of which store a replica is of. */
export interface ReplicaOf {
  /** The id of the store's history, and with it of the log; undefined: what the replica has. */
  readonly epoch: string | undefined;
  readonly board: string;
}

/** An open replica. */
export interface Replica {
  /** The replica as a log that is read; appends belong to the cluster. */
  readonly log: SqliteLog;
  readonly streams: StreamView;
  checkpoint(): ReplicaCheckpoint;
  /**
   * Adds events that follow each other in the order of the cluster, without those it has, and
   * notes how far the cluster was looked through. Rejects with a fault of the log.
   */
  apply(events: readonly CopiedEvent[], source: SourcePosition | undefined): Promise<void>;
}

interface CheckpointRow {
  readonly board: string;
  readonly commit_position: string | null;
  readonly prepare_position: string | null;
}

const selectCheckpoint = 'SELECT board, commit_position, prepare_position FROM replica';

const noteSource = 'UPDATE replica SET commit_position = ?, prepare_position = ?';

/** How long an addition waits for others of this host who add to the same replica. */
const lockWaitMsMax = 10_000;

/**
 * Opens the replica in `directory`, or makes it if the epoch is known. Rejects with
 * `LogUnavailable` when the log there is none, or of another store or board.
 */
export async function openReplica(
  directory: string,
  { randomBytes: _, ...deps }: SqliteLogDeps,
  of: ReplicaOf,
): Promise<Replica> {
  try {
    const create = of.epoch !== undefined;
    const options = { durability: 'normal', isCopy: true, create } as const;
    const parts = await openParts(directory, { ...deps, newEpoch: () => of.epoch ?? '' }, options);
    const transactions = createTransactions(parts.db);
    try {
      const mark = () =>
        transactions.attemptImmediate(() => markAsReplica(parts.db, of, directory));
      if (!isReplica(parts.db)) await untilFree(mark, parts.waiting, lockWaitMsMax);
      refuseOther(parts.epoch, parts.db, of, directory);
    } catch (error) {
      parts.db.close();
      throw error;
    }
    const rows = createRows(parts.db);
    // Whoever waits for the lock waits for one who adds the same: it is looked at before each try.
    const addOnce = (...added: Parameters<Replica['apply']>): Attempt<void> =>
      rows.hasAll(...added)
        ? { busy: false, value: undefined }
        : transactions.attemptImmediate(() => rows.add(...added));
    return {
      log: new OpenLog(parts),
      streams: createStreamView(parts.db, parts.segments),
      checkpoint: rows.checkpoint,
      async apply(events, source) {
        try {
          await untilFree(() => addOnce(events, source), parts.waiting, lockWaitMsMax);
        } catch (error) {
          throw parts.condition.judge(error, 'add to the replica');
        }
      },
    };
  } catch (error) {
    throw asLogFault(error, `open the replica in ${directory}`);
  }
}

/** An empty log becomes a replica; one with events of its own never does. */
function markAsReplica(db: Database.Database, { board }: ReplicaOf, directory: string): void {
  if (isReplica(db)) return;
  if (db.prepare('SELECT 1 FROM events LIMIT 1').get() !== undefined) {
    throw new LogUnavailable(`The board in ${directory} lives on this machine, not on a cluster`, {
      code: 'log_not_replica',
      hint: 'Give the board on the cluster a directory of its own, or leave `log` out.',
      retryable: false,
    });
  }
  raiseFormat(db, formatOfReplica);
  db.prepare('INSERT INTO replica (only, board) VALUES (1, ?)').run(board);
}

function refuseOther(epoch: string, db: Database.Database, of: ReplicaOf, directory: string): void {
  const { board } = db.prepare<[], CheckpointRow>(selectCheckpoint).get()!;
  if (epoch === (of.epoch ?? epoch) && board === of.board) return;
  const what =
    board === of.board ? 'from another store, or from before it was restored' : `of ${board}`;
  throw new LogUnavailable(`The copy of the log in ${directory} is ${what}`, {
    code: 'log_other_store',
    hint:
      'Check `log`. If the cluster is the right one, move log.db and wake out of the directory: ' +
      'the copy is fetched again.',
    retryable: false,
  });
}

function sourceOf(row: CheckpointRow): SourcePosition | undefined {
  const { commit_position: commit, prepare_position: prepare } = row;
  if (commit === null || prepare === null) return undefined;
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}

function createRows(db: Database.Database) {
  const select = db.prepare<[], CheckpointRow>(selectCheckpoint);
  const note = db.prepare(noteSource);
  const fill = createFill(db);

  function checkpoint(): ReplicaCheckpoint {
    return { position: fill.end().position, source: sourceOf(select.get()!) };
  }

  /** Whether there is nothing to add; needs no lock. */
  function hasAll(events: readonly CopiedEvent[], source: SourcePosition | undefined): boolean {
    if (!fill.hasAll(events)) return false;
    return source === undefined || !isBeyond(source, sourceOf(select.get()!));
  }

  /** Inside a transaction. Another process of this host may have been faster with all or some. */
  function add(events: readonly CopiedEvent[], source: SourcePosition | undefined): void {
    fill.add(events);
    if (source !== undefined && isBeyond(source, sourceOf(select.get()!))) {
      note.run(String(source.commit), String(source.prepare));
    }
  }

  return { checkpoint, hasAll, add };
}
