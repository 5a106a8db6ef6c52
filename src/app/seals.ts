/** Holds a log against its seals: each says which hash the log had somewhere when it was sealed. */
import type { EventLog, Position, StoredEvent } from '../log/event-log.ts';

/** A seal that does not fit the log it stands in. */
export interface BrokenSeal {
  /** The event `LogSealed`. */
  readonly seal: StoredEvent;
  /** The last position that a seal before it vouches for; 0 for none. */
  readonly after: Position;
  /** The position that it vouches for itself: what differs stands between the two. */
  readonly upTo: Position;
}

/** The log as far as seals need it. */
export type SealedLog = Pick<EventLog, 'hashAt' | 'hashBefore' | 'readAll'>;

/** A comparison that goes along a log. */
export interface Seals {
  /** Takes events in their order. */
  take(events: readonly StoredEvent[]): Promise<void>;
  /** The first seal that does not fit; undefined while all do. */
  broken(): BrokenSeal | undefined;
}

/** Begins to compare; `log` computes or keeps a chain of its own. */
export function compareWithSeals(log: SealedLog): Seals {
  let after: Position = 0;
  let broken: BrokenSeal | undefined;

  async function look(seal: StoredEvent): Promise<void> {
    const { upTo, digest } = JSON.parse(seal.data) as { upTo: Position; digest: string };
    const found = await hashUpTo(log, upTo);
    if (found === 'thinned') return;
    if (found === digest) after = upTo;
    else broken = { seal, after, upTo };
  }

  return {
    async take(events) {
      for (const event of events) {
        if (event.type === 'LogSealed' && broken === undefined) await look(event);
      }
    },
    broken: () => broken,
  };
}

/** The hash at a position; where that event has been thinned out, as far as that can be told. */
async function hashUpTo(log: SealedLog, upTo: Position): Promise<string | 'thinned' | undefined> {
  const found = upTo === 0 ? '' : await log.hashAt(upTo);
  if (found !== undefined) return found;
  const [next] = await log.readAll({ after: upTo, limit: 1, asStored: true });
  if (next === undefined) return undefined;
  return next.position === upTo + 1 ? log.hashBefore(next.position) : 'thinned';
}
