/** Opens a board on a cluster: the connection, its history, the replica, and what fills it. */
import type { LogUnavailable } from '../event-log.ts';
import { openedForReading } from '../sqlite/assess.ts';
import { openReplica } from '../sqlite/replica.ts';
import type { SqliteLogDeps } from '../sqlite/sqlite-log.ts';
import { createAppend } from './append.ts';
import { ClusterLog, type ClusterLogParts } from './cluster-log.ts';
import { connect } from './connections.ts';
import { createFeed } from './feed.ts';
import { type ClusterLimits, clusterLimits } from './limits.ts';
import { type ClusterPlace, clusterPlace } from './place.ts';
import { checkRefusals, epochOf } from './store.ts';
import { createTail } from './tail.ts';

/** How to open it. */
export interface ClusterLogOptions {
  /** `read` creates nothing on the cluster and takes no appends. Default `write`. */
  readonly mode?: 'write' | 'read';
  /** Whether a board may begin where there is none; only for `write`. Default true. */
  readonly create?: boolean;
  readonly limits?: Partial<ClusterLimits>;
  /** Hears of trouble that is being waited out. */
  onTrouble?(trouble: LogUnavailable): void;
}

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

async function open(
  place: ClusterPlace,
  connection: ClusterLogParts['connection'],
  directory: string,
  { mode = 'write', create = true, limits, onTrouble, ...deps }: SqliteLogDeps & ClusterLogOptions,
): Promise<ClusterLog> {
  const canWrite = mode === 'write';
  const epoch = await epochOf(connection, place, canWrite && create ? deps.newEpoch : undefined);
  if (canWrite) await checkRefusals(connection, place, deps.newEpoch);
  const replica = await openReplica(directory, deps, { epoch, board: place.board });
  const machine = { ...deps, ...clusterLimits, ...limits };
  let cluster: ClusterLog | undefined;
  const tail = createTail({
    ...machine,
    replica,
    onFault: (error) => cluster?.refuse(error),
    onFull: (isFull) => feed.hold(isFull),
  });
  const feed = createFeed({
    ...machine,
    place,
    connection,
    tail,
    onTrouble: (error) => onTrouble?.(error),
  });
  const append = createAppend({
    ...machine,
    place,
    connection,
    tail,
    feed,
    streams: replica.streams,
    newMark: createMarks(deps.newEpoch),
  });
  const readOnly = canWrite ? undefined : openedForReading();
  cluster = new ClusterLog({ connection, replica, tail, feed, append, readOnly });
  try {
    await feed.fetch();
    feed.start();
    return cluster;
  } catch (error) {
    await replica.log.close();
    throw error;
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
