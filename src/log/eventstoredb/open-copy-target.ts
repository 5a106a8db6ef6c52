/** Opens a board on a cluster for another to be copied to. */
import type { CopyTarget } from '../copying/copy.ts';
import { openReplica } from '../sqlite/replica.ts';
import type { SqliteLogDeps } from '../sqlite/sqlite-log.ts';
import { connect } from './connections.ts';
import { createCopyTarget, otherEpoch } from './copy-target.ts';
import { createFeed } from './feed.ts';
import { clusterLimits } from './options.ts';
import type { ClusterPlace } from './place.ts';
import { createSend } from './send.ts';
import { checkRefusals, readEpoch } from './store.ts';
import { createTail } from './tail.ts';

/**
 * Opens a board on a cluster for the log of `epoch` to be copied to, with a replica in `directory`.
 * Rejects with `LogUnavailable` when there is a board of another epoch, or no safe cluster.
 */
export async function openClusterTarget(
  place: ClusterPlace,
  directory: string,
  epoch: string,
  deps: SqliteLogDeps,
): Promise<CopyTarget> {
  const connection = await connect(place, deps.timers);
  try {
    const found = await readEpoch(connection, place);
    if (found !== undefined && found !== epoch) throw otherEpoch(place);
    await checkRefusals(connection, place, deps.newEpoch);
    const replica = await openReplica(directory, deps, { epoch, board: place.board });
    const machine = { ...deps, ...clusterLimits, place, connection };
    const [nothing, confirm] = [() => {}, async () => {}];
    // Nothing is followed: faults come with the pages that are fetched.
    const unheard = { onFault: nothing, onFull: nothing, onTrouble: nothing, onLost: nothing };
    const tail = createTail({ ...machine, ...unheard, replica });
    const feed = createFeed({ ...machine, ...unheard, tail, confirm });
    const send = createSend({ ...machine, label: place.label });
    const monoMs = () => deps.clock.monoMs();
    const fetch = () => feed.fetch().then(() => tail.flush());
    const fetching = { fetch, stop: feed.stop };
    return createCopyTarget({ place, epoch, connection, replica, feed: fetching, send, monoMs });
  } catch (error) {
    await connection.release();
    throw error;
  }
}
