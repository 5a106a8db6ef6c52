/**
 * A board on a cluster that another is copied to: append by append in the order of the source,
 * since the order of the cluster is that of the board.
 *
 * Its history begins last (see `store.ts`): until then nobody can open what is not whole.
 */
import type { CopyTarget } from '../copying/copy.ts';
import { targetDiffers, targetMoved } from '../copying/faults.ts';
import type { LogHead, LogUnavailable } from '../event-log.ts';
import { damaged } from '../sqlite/condition.ts';
import type { Replica } from '../sqlite/replica.ts';
import type { Connection } from './connection.ts';
import { appendsOf, type CopiedAppend } from './copied-appends.ts';
import type { Feed } from './feed.ts';
import { type ClusterPlace, clusterStream } from './place.ts';
import type { Send } from './send.ts';
import { createEpoch } from './store.ts';

/** How long one append may take with all its repeats, ms: nobody waits for it but the copy. */
const appendMsMax = 60_000;

/** The mark of what was copied. */
const by = 'copy';

/** What a target is made of. */
export interface TargetParts {
  readonly place: ClusterPlace;
  readonly epoch: string;
  readonly connection: Connection;
  /** What the cluster holds, fetched to where the chain is computed. */
  readonly replica: Replica;
  readonly feed: Pick<Feed, 'fetch' | 'stop'>;
  readonly send: Send;
  /** Monotonic clock, ms. */
  readonly monoMs: () => number;
}

/** A board on a cluster as a target. */
export function createCopyTarget({
  place,
  epoch,
  connection,
  replica,
  feed,
  send,
  monoMs,
}: TargetParts): CopyTarget {
  const label = `${place.board} at ${place.label}`;

  async function fetchHead(): Promise<LogHead> {
    await feed.fetch();
    return replica.log.head();
  }

  async function append({ stream, expected, events }: CopiedAppend): Promise<void> {
    const name = clusterStream(place.board, stream);
    const endAtMs = monoMs() + appendMsMax;
    const sent = await send({ stream: name, expected, events, endAtMs });
    if (!sent.ok) throw targetMoved(label, stream);
  }

  return {
    label,
    head: fetchHead,
    has: async (position) => (await replica.log.hashAt(position)) !== undefined,
    async add(events) {
      for (const each of appendsOf(events, { epoch, by })) await append(each);
    },
    async verify(onProgress) {
      const head = await fetchHead();
      const { problem } = await replica.log.verifyChain({ onProgress });
      if (problem !== undefined) throw damaged(problem.message, problem);
      return head;
    },
    async publish() {
      const found = await createEpoch(connection, place, () => epoch);
      if (found !== epoch) throw otherEpoch(place);
    },
    async close() {
      await feed.stop();
      await connection.release();
      await replica.log.close();
    },
  };
}

/** The fault of a place where another board is. */
export function otherEpoch({ board, label }: ClusterPlace): LogUnavailable {
  return targetDiffers(`${board} at ${label}`, 'it has another epoch');
}
