/** Opens a board on a cluster: the connection, its history, the replica, and what fills it. */
import { openReplica, type Replica } from '../sqlite/replica.ts';
import type { SqliteLogDeps } from '../sqlite/sqlite-log.ts';
import { createAppend } from './append.ts';
import { ClusterLog, type ClusterLogParts } from './cluster-log.ts';
import { connect } from './connections.ts';
import { readingOld } from './fault.ts';
import { createFeed } from './feed.ts';
import { type ClusterLogOptions, clusterLimits } from './options.ts';
import { type ClusterPlace, clusterPlace } from './place.ts';
import { createSkewWatch } from './skew.ts';
import { confirmStore, type Found, findStore } from './store.ts';
import { createTail } from './tail.ts';

/**
 * Opens the board that `log` (`esdb://…`) names, with its replica in `directory`, as it is on the
 * cluster now. Rejects with `LogUnavailable` when the cluster cannot be reached or is not safe to
 * write to, when there is no board, or when the replica is another one's.
 */
export async function openClusterLog(
  log: string,
  directory: string,
  deps: SqliteLogDeps,
  options: ClusterLogOptions = {},
): Promise<ClusterLog> {
  const place = clusterPlace(log, directory);
  const connection = await connect(place, deps.timers);
  try {
    return await open(place, connection, directory, { ...deps, ...options });
  } catch (error) {
    await connection.release();
    throw error;
  }
}

type Opening = SqliteLogDeps & ClusterLogOptions;

async function open(
  place: ClusterPlace,
  connection: ClusterLogParts['connection'],
  directory: string,
  { mode = 'write', create = true, limits, onTrouble = () => {}, ...deps }: Opening,
): Promise<ClusterLog> {
  const canWrite = mode === 'write';
  const machine = { ...deps, ...clusterLimits, ...limits };
  const patience = { ...deps, msMax: machine.openMsMax };
  const found = await findStore(connection, place, { ...deps, canWrite, create }, patience);
  const replica = await openReplicaOf(place, found, directory, deps);
  let cluster: ClusterLog | undefined;
  const tail = createTail({
    ...machine,
    replica,
    onTrouble,
    onFault: (error) => cluster?.refuse(error),
    onFull: (isFull) => feed.hold(isFull),
  });
  const feed = createFeed({
    ...machine,
    place,
    connection,
    tail,
    onTrouble,
    confirm: () => confirmStore(connection, place, replica.log.epoch),
    onLost: (fault) => cluster?.refuse(fault),
  });
  const append = createAppend({
    ...machine,
    place,
    connection,
    tail,
    feed,
    streams: replica.streams,
    newMark: createMarks(deps.newEpoch),
    onStored: createSkewWatch(deps.clock, onTrouble),
  });
  cluster = new ClusterLog({ connection, replica, tail, feed, append, canWrite });
  try {
    const { away } = found;
    if (away === undefined) await feed.fetch(machine.openMsMax);
    else onTrouble(readingOld(away, tail.position()));
    feed.start(away === undefined);
    return cluster;
  } catch (error) {
    await replica.log.close();
    throw error;
  }
}

/** Who only reads makes do with what the host has of a board that cannot be reached. */
async function openReplicaOf(
  { board }: ClusterPlace,
  { epoch, away }: Found,
  directory: string,
  deps: SqliteLogDeps,
): Promise<Replica> {
  try {
    return await openReplica(directory, deps, { epoch, board });
  } catch (error) {
    throw away ?? error;
  }
}

/** Marks for the appends of one log: short, since every event carries one. */
function createMarks(newEpoch: () => string): () => string {
  const own = newEpoch().replaceAll('-', '').slice(-10);
  let count = 0;
  return () => {
    count += 1;
    return `${own}.${count.toString(36)}`;
  };
}
