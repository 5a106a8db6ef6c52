/**
 * What a host of a cluster reads: a copy of the log, which follows it after a while, and for a time
 * not at all. Whoever writes from there waits until the copy has what he wrote, or what was in his
 * way.
 */
import type {
  AppendResult,
  EventLog,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
} from '../../src/log/event-log.ts';
import type { Chance } from '../trial/chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A copy of the log. */
export interface Replica {
  /** To be read from the copy, and written to the log. */
  readonly log: EventLog;
  /** Nothing reaches the copy for a while. */
  stall(forMs: number): void;
}

/** How long an event usually takes to reach a copy, in ms. */
const lagMsMax = 30;

/** A copy that has everything there is so far. */
export function createReplica(parts: {
  readonly log: EventLog;
  readonly time: VirtualTime;
  readonly chance: Chance;
  /** Called as soon as something is stored. */
  readonly onStored: () => Promise<void>;
}): Replica {
  const { log, time, chance, onStored } = parts;
  const listeners = new Set<() => void>();
  let all: readonly StoredEvent[] = [];
  let stalledUntilMs = 0;
  let behindSinceMs: number | undefined;

  log.onHint(() => {
    behindSinceMs ??= time.nowMs();
    const dueMs = Math.max(chance.between(0, lagMsMax), stalledUntilMs - time.nowMs());
    time.after(dueMs, () => void fetch());
  });

  async function fetch(): Promise<void> {
    if (time.nowMs() < stalledUntilMs) return;
    all = await log.readAll();
    behindSinceMs = undefined;
    for (const tell of [...listeners]) tell();
  }

  /** Resolves when the copy has come so far. */
  function until(hasCome: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!hasCome()) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  }

  const ofStream = (stream: string) => all.filter((event) => event.stream === stream);

  async function append(writes: Parameters<EventLog['append']>[0]): Promise<AppendResult> {
    const answer = await log.append(writes);
    await onStored();
    if (answer.ok) await until(() => all.length >= answer.position);
    else await until(() => ofStream(answer.stream).length > answer.actual);
    return answer;
  }

  function stall(forMs: number): void {
    stalledUntilMs = Math.max(stalledUntilMs, time.nowMs() + forMs);
    time.after(stalledUntilMs - time.nowMs(), () => void fetch());
  }

  const hashAt = async (position: Position) => all[position - 1]?.id;
  return {
    stall,
    log: {
      epoch: log.epoch,
      atomic: log.atomic,
      append,
      readStream: async (stream, options) => pageOf(ofStream(stream), options),
      readAll: async (options = {}) => pageOfAll(all, options),
      head: async () => ({ position: all.length, hash: all.at(-1)?.id ?? '' }),
      hashAt,
      hashBefore: async (position) => (position === 1 ? '' : hashAt(position - 1)),
      behindMs: () => (behindSinceMs === undefined ? 0 : time.nowMs() - behindSinceMs),
      writingRefused: () => undefined,
      onHint(listener) {
        const own = () => listener();
        listeners.add(own);
        return () => listeners.delete(own);
      },
      close: async () => {},
    },
  };
}

function pageOf(events: readonly StoredEvent[], options: ReadStreamOptions = {}) {
  const { direction, from, limit = events.length } = options;
  if (direction !== 'backward') return events.slice(from ?? 0, (from ?? 0) + limit);
  return events
    .slice(0, (from ?? events.length) + 1)
    .reverse()
    .slice(0, limit);
}

function pageOfAll(events: readonly StoredEvent[], options: ReadAllOptions) {
  const { direction, after, limit = events.length } = options;
  if (direction !== 'backward') return events.slice(after ?? 0, (after ?? 0) + limit);
  return events
    .slice(0, (after ?? events.length + 1) - 1)
    .reverse()
    .slice(0, limit);
}
