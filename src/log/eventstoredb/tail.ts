/**
 * The end of the log as this process knows it: events that have arrived from the cluster get their
 * positions here, at once, and go to the replica in batches a little later, or before anything is
 * read.
 */
import type { CopiedEvent } from '../copied.ts';
import { LogUnavailable, type Position, type Version } from '../event-log.ts';
import type { Timers } from '../ports.ts';
import { isBeyond, type Replica, type SourcePosition } from '../sqlite/replica.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import type { ClusterEvent } from './encode.ts';
import { notWrittenYet, type Trouble } from './fault.ts';

/** The end of the log. */
export interface Tail extends Pick<Arrivals, 'mark' | 'close'> {
  /**
   * Takes an event in the order of the cluster; one that was taken before is passed over. Once one
   * is missing, none is taken any more.
   */
  take(event: ClusterEvent): void;
  /** Everything up to here was looked at. */
  note(source: SourcePosition): void;
  /** Why nothing is taken any more; undefined while all is well. */
  broken(): LogUnavailable | undefined;
  /** How far the cluster was looked through. */
  source(): SourcePosition | undefined;
  /** The last position given out. */
  position(): Position;
  /** The last known version of a stream; -1 for none. */
  lastVersion(stream: string): Version;
  /** The position of what stands at a version; resolves when it has arrived. */
  arrival(stream: string, version: Version): Promise<Position>;
  /** Has everything that arrived by now written to the replica. */
  flush(): Promise<void>;
  /** Calls back after each event that is new. Returns the way to stop. */
  onGrown(listener: () => void): () => void;
}

/** What the tail works with. */
export interface TailDeps {
  readonly replica: Replica;
  readonly timers: Timers;
  /** Hears that something can never be taken or written, and why. */
  onFault(error: unknown): void;
  /** Hears that something could not be written, and that it is tried again. */
  onTrouble(trouble: Trouble): void;
  /** Hears that too much waits to be written (true), and that it is less again (false). */
  onFull(isFull: boolean): void;
}

/** How long an event waits for others before the replica is written, ms. */
const flushAfterMs = 100;

/** How long a place without an event waits to be written, ms. */
const noteAfterMs = 2_000;

/** How long a write waits after one that failed, ms, unless somebody reads. */
const retryAfterMs = 2_000;

/** Events in one transaction, in some 20 ms. */
const flushEventsMax = 500;

/** Events that may wait before the cluster is asked to wait. */
const waitingMax = 5_000;

interface Waiting {
  readonly event: CopiedEvent;
  readonly source: SourcePosition;
}

/** The tail of a replica that has just been opened. */
export function createTail({ replica, timers, onFull, ...deps }: TailDeps): Tail {
  const { streams } = replica;
  const start = replica.checkpoint();
  const arrivals = createArrivals();
  const listeners = new Set<() => void>();
  const recent = new Map<string, Version>();
  let waiting: Waiting[] = [];
  let position = start.position;
  let written = start.position;
  let source = start.source;
  let broken: LogUnavailable | undefined;
  let notedAt = start.source;
  let writing: Promise<void> | undefined;
  let timer: { readonly ms: number; readonly cancel: () => void } | undefined;
  let leastMs = 0;
  let isClosed = false;

  function take(event: ClusterEvent): void {
    if (broken !== undefined || !isBeyond(event.source, source)) return;
    if (event.isThinned) {
      note(event.source);
      return;
    }
    const { stream, version, by } = event;
    if ((event.behind ?? version - 1) > lastVersion(stream)) {
      // What comes after it would get positions that it does not have elsewhere.
      broken = incomplete(stream, lastVersion(stream) + 1);
      deps.onFault(broken);
      return;
    }
    source = event.source;
    position = Math.max(position + 1, event.position ?? 0);
    waiting.push({ event: storedAt(position, event), source });
    recent.set(stream, version);
    arrivals.arrived({ stream, version, by, position, recordedAtMs: event.recordedAtMs });
    if (waiting.length === waitingMax) onFull(true);
    writeWithin(flushAfterMs);
    for (const listener of listeners) listener();
  }

  function note(place: SourcePosition): void {
    if (broken !== undefined || !isBeyond(place, source)) return;
    source = place;
    writeWithin(noteAfterMs);
  }

  function writeWithin(wantedMs: number): void {
    const ms = Math.max(wantedMs, leastMs);
    if (isClosed || (timer !== undefined && timer.ms <= ms)) return;
    timer?.cancel();
    const cancel = timers.after(ms, flushUnasked, 'background');
    timer = { ms, cancel };
  }

  function flushUnasked(): void {
    timer = undefined;
    // Whoever has to know was told by the write that failed.
    flush().catch(() => {});
  }

  async function flush(): Promise<void> {
    const target = position;
    const place = source;
    while (written < target || (place !== undefined && isBeyond(place, notedAt))) {
      writing ??= writeNext()
        .catch(failedWrite)
        .finally(() => {
          writing = undefined;
        });
      await writing;
    }
  }

  async function writeNext(): Promise<void> {
    timer?.cancel();
    timer = undefined;
    const batch = waiting.slice(0, flushEventsMax);
    const place = batch.length === waiting.length ? source : batch.at(-1)?.source;
    await replica.apply(
      batch.map(({ event }) => event),
      place,
    );
    const wasFull = waiting.length >= waitingMax;
    waiting = waiting.slice(batch.length);
    written = batch.at(-1)?.event.position ?? written;
    notedAt = place;
    leastMs = 0;
    if (wasFull && waiting.length < waitingMax) onFull(false);
    if (waiting.length > 0) writeWithin(flushAfterMs);
    else recent.clear();
  }

  /** A disk that is full or a file that is busy is this host's own trouble: the cluster is fine. */
  function failedWrite(error: unknown): never {
    if (error instanceof LogUnavailable && error.retryable) {
      deps.onTrouble(notWrittenYet(error));
      leastMs = retryAfterMs;
      writeWithin(retryAfterMs);
    } else {
      deps.onFault(error);
    }
    throw error;
  }

  function lastVersion(stream: string): Version {
    return recent.get(stream) ?? streams.lastVersion(stream);
  }

  /**
   * Another process of this host may have written what has not arrived here yet: that is waited
   * for, since only its arrival tells whose it is.
   */
  function positionOf(stream: string, version: Version): Position | undefined {
    const found = waiting.find(({ event }) => event.stream === stream && event.version === version);
    if (found !== undefined) return found.event.position;
    if (streams.lastVersion(stream) < version) return undefined;
    const stored = streams.positionAt(stream, version);
    return stored <= position ? stored : undefined;
  }

  return {
    take,
    note,
    flush,
    lastVersion,
    broken: () => broken,
    source: () => source,
    position: () => position,
    arrival: async (stream, version) => positionOf(stream, version) ?? arrivals.of(stream, version),
    onGrown(listener) {
      const ownEntry = () => listener();
      listeners.add(ownEntry);
      return () => listeners.delete(ownEntry);
    },
    mark: arrivals.mark,
    close(reason) {
      isClosed = true;
      timer?.cancel();
      listeners.clear();
      arrivals.close(reason);
    },
  };
}

function storedAt(position: Position, event: ClusterEvent): CopiedEvent {
  const { stream, version, id, type, schemaVersion, data, meta, recordedAtMs, before } = event;
  return { position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs, before };
}

function incomplete(stream: string, version: Version): LogUnavailable {
  return new LogUnavailable(`The cluster no longer has version ${version} of ${stream}`, {
    code: 'log_incomplete',
    hint:
      'Streams of a board must keep all events: $maxAge, $maxCount and $tb take them away. ' +
      'Begin with the board directory of another host, or with a backup of it.',
    retryable: false,
  });
}
