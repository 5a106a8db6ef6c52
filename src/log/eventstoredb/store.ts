/**
 * The history that a board on a cluster has: one event in a stream of its own, whose id is the
 * log's epoch. A cluster that was restored, or set up anew, has another one, or none.
 */

import { LogUnavailable } from '../event-log.ts';
import type { Connection } from './connection.ts';
import { faultOf, judge } from './fault.ts';
import { type ClusterPlace, storeStream } from './place.ts';
import { type Patience, patiently } from './within.ts';

const storeMsMax = 5_000;

/** The epoch of the board; undefined where there is no board. */
export async function readEpoch(
  connection: Connection,
  { board, label }: ClusterPlace,
): Promise<string | undefined> {
  try {
    return (await connection.endOf(storeStream(board), 'first'))?.id;
  } catch (error) {
    throw faultOf(error, { attempted: 'open the board', label });
  }
}

/**
 * The epoch of the board. Where there is no board it begins, if `newEpoch` is given; else this
 * rejects with `LogUnavailable`.
 */
async function epochOf(
  connection: Connection,
  place: ClusterPlace,
  newEpoch: (() => string) | undefined,
): Promise<string> {
  const found = await readEpoch(connection, place);
  if (found !== undefined) return found;
  if (newEpoch !== undefined) return createEpoch(connection, place, newEpoch);
  throw new LogUnavailable(`There is no board ${place.board} at ${place.label}`, {
    code: 'no_log',
    hint: 'Check `log` and the name of the board, or create it: `logboard init`.',
    retryable: false,
  });
}

/** The epoch of a board, or why its cluster cannot be reached. */
export interface Found {
  readonly epoch: string | undefined;
  readonly away?: LogUnavailable;
}

/** The epoch, or the fault that may pass by itself; every other fault is thrown. */
async function orAway(find: () => Promise<string>): Promise<Found> {
  try {
    return { epoch: await find() };
  } catch (error) {
    if (error instanceof LogUnavailable && error.retryable)
      return { epoch: undefined, away: error };
    throw error;
  }
}

/** Who opens the board. */
export interface Opener {
  readonly canWrite: boolean;
  /** Whether a board may begin where there is none. */
  readonly create: boolean;
  newEpoch(): string;
}

/**
 * The board that somebody opens. For who writes it is looked for patiently, and the cluster has to
 * refuse a wrong version; rejects with `LogUnavailable` otherwise.
 */
export async function findStore(
  connection: Connection,
  place: ClusterPlace,
  { canWrite, create, newEpoch }: Opener,
  patience: Patience,
): Promise<Found> {
  const find = () => epochOf(connection, place, canWrite && create ? newEpoch : undefined);
  if (!canWrite) return orAway(find);
  const epoch = await patiently(find, patience);
  await patiently(() => checkRefusals(connection, place, newEpoch), patience);
  return { epoch };
}

/**
 * Makes sure that a cluster still has the history that was found at first: its nodes may have been
 * restored, or set up anew. Rejects with the fault `log_other_store`, or of not reaching it.
 */
export async function confirmStore(
  connection: Connection,
  place: ClusterPlace,
  epoch: string,
): Promise<void> {
  if ((await readEpoch(connection, place)) === epoch) return;
  throw new LogUnavailable(`${place.label} no longer has the board that this process began with`, {
    code: 'log_other_store',
    hint: 'Stop every process of the board and check `log`; the manual says how to restore.',
    retryable: false,
  });
}

/** Begins the history of a board, unless somebody else was faster; answers its epoch. */
export async function createEpoch(
  connection: Connection,
  place: ClusterPlace,
  newEpoch: () => string,
): Promise<string> {
  const stream = storeStream(place.board);
  const id = newEpoch();
  try {
    await connection.append(
      { stream, expected: 'no_stream', events: [storeEvent(id, place)] },
      storeMsMax,
    );
    return id;
  } catch (error) {
    if (judge(error).kind === 'refused')
      throw faultOf(error, { attempted: 'open the board', ...place });
    const found = await readEpoch(connection, place);
    if (found === undefined) throw faultOf(error, { attempted: 'open the board', ...place });
    return found;
  }
}

function storeEvent(id: string, { board }: ClusterPlace) {
  const contentType = 'application/json' as const;
  return { id, type: 'StoreBegun', contentType, data: { board }, metadata: undefined };
}

/** A revision that no stream of this kind ever has. */
const wrongVersion = 1_000_000_000;

/**
 * Makes sure that an append at a wrong version is refused: with a client that asks for nothing of
 * the kind, or a server that does not look, every promise of the board would be void.
 */
export async function checkRefusals(
  connection: Connection,
  place: ClusterPlace,
  newId: () => string,
): Promise<void> {
  try {
    const events = [storeEvent(newId(), place)];
    const stream = storeStream(place.board);
    await connection.append({ stream, expected: wrongVersion, events }, storeMsMax);
  } catch (error) {
    if (judge(error).kind === 'conflict') return;
    throw faultOf(error, { attempted: 'append', label: place.label });
  }
  throw new LogUnavailable(`${place.label} has taken an append at a wrong version`, {
    code: 'log_unsafe',
    hint: 'Nothing was written to the board. Use the client and the server that the manual names.',
    retryable: false,
  });
}
