/** A log that lives in memory, for tests and simulations: the port's contract without a disk. */
import { checkLimit, checkWrites } from './check.ts';
import { logClosed } from './closed.ts';
import { compare, type StreamView } from './compare.ts';
import type {
  AppendResult,
  EventLog,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  StreamWrite,
  Version,
} from './event-log.ts';
import type { Clock } from './ports.ts';
import { untilFull } from './until-full.ts';

/** What a log in memory is made with. */
export interface MemoryLogDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly epoch: string;
}

/** Creates an empty log. It keeps no hash chain: the last event's id stands for the hash. */
export function createMemoryLog({ clock, epoch }: MemoryLogDeps): EventLog {
  const all: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const listeners = new Set<() => void>();
  let isClosed = false;

  const eventsOf = (stream: string): readonly StoredEvent[] => streams.get(stream) ?? [];

  const view: StreamView = {
    lastVersion: (stream) => eventsOf(stream).length - 1,
    idsFrom: (stream, from, count) =>
      eventsOf(stream)
        .slice(from, from + count)
        .map(({ id }) => id),
    versionOf: (stream, id) => eventsOf(stream).find((event) => event.id === id)?.version,
    positionAt: (stream, version) => eventsOf(stream)[version]!.position,
  };

  async function append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    refuseWhenClosed();
    checkWrites(writes);
    const verdict = compare(writes, view);
    if (!verdict.ok) {
      return verdict;
    }
    if (verdict.stored) {
      return verdict.stored;
    }
    const versions = writes.map((write, index) => store(write, verdict.bases[index]!));
    for (const listener of listeners) {
      listener();
    }
    return { ok: true, position: all.length, versions, repeated: false };
  }

  function store({ stream, events }: StreamWrite, base: Version): Version {
    const stored = streams.get(stream) ?? [];
    const recordedAtMs = clock.nowMs();
    for (const { id, type, schemaVersion, data, meta } of events) {
      const version = stored.length;
      const position = all.length + 1;
      const event = {
        stream,
        version,
        position,
        recordedAtMs,
        id,
        type,
        schemaVersion,
        data,
        meta,
      };
      stored.push(event);
      all.push(event);
    }
    if (events.length > 0) {
      streams.set(stream, stored);
    }
    return base + events.length;
  }

  async function readStream(stream: string, options: ReadStreamOptions = {}) {
    refuseWhenClosed();
    const limit = checkLimit(options.limit);
    const events = eventsOf(stream);
    if (options.direction === 'backward') {
      const to = Math.min(options.from ?? events.length, events.length - 1) + 1;
      return events.slice(Math.max(to - limit, 0), Math.max(to, 0)).reverse();
    }
    const from = Math.max(options.from ?? 0, 0);
    return events.slice(from, from + limit);
  }

  async function readAll(options: ReadAllOptions = {}) {
    refuseWhenClosed();
    const limit = checkLimit(options.limit);
    if (options.direction === 'backward') {
      const to = Math.min((options.after ?? all.length + 1) - 1, all.length);
      return all.slice(Math.max(to - limit, 0), Math.max(to, 0)).reverse();
    }
    const from = Math.max(options.after ?? 0, 0);
    return untilFull(all.slice(from, from + limit), options.charsMax);
  }

  function refuseWhenClosed(): void {
    if (isClosed) {
      throw logClosed();
    }
  }

  return {
    epoch,
    atomic: true,
    append,
    readStream,
    readAll,
    writingRefused: () => undefined,
    async head() {
      refuseWhenClosed();
      return { position: all.length, hash: all.at(-1)?.id ?? '' };
    },
    async hashAt(position) {
      refuseWhenClosed();
      return all[position - 1]?.id;
    },
    async hashBefore(position) {
      refuseWhenClosed();
      return position === 1 && all.length > 0 ? '' : all[position - 1] && all[position - 2]?.id;
    },
    onHint(listener) {
      const ownEntry = () => listener();
      listeners.add(ownEntry);
      return () => listeners.delete(ownEntry);
    },
    async close() {
      isClosed = true;
      listeners.clear();
    },
  };
}
