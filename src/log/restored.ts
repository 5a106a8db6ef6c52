/**
 * A log with the beats put back that were thinned out of it. Who looks at a moment inside a run
 * would otherwise take its worker for silent: that the run went on is said after that moment.
 *
 * Of such a beat it is known where it stood and when it was. What it said besides is gone, unless
 * it was the last to say so: those were never taken out. Its id and its sender are made up.
 */
import { streamId } from '../domain/catalogue.ts';
import {
  type EventLog,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  readLimitMax,
  type StoredEvent,
} from './event-log.ts';
import { readThinnedTimes, type ThinnedTimes, type TimedBeat } from './thinned-times.ts';

/** The log as it was before anything was thinned. Closing it closes the log itself. */
export async function unthinnedLog(log: EventLog): Promise<EventLog> {
  return restoredLog(log, await readThinnedTimes(log));
}

/**
 * The log with the beats that were thinned out after position `since`; default: all of them. The
 * hash at such a beat is that of the event before, which is kept. Closing it closes the log itself.
 */
export function restoredLog(log: EventLog, thinned: ThinnedTimes, since: Position = 0): EventLog {
  const between = (after: Position, upTo: Position) => thinned.between(after, upTo, since);

  async function readAll(options: ReadAllOptions = {}): Promise<readonly StoredEvent[]> {
    const page = await log.readAll(options);
    const { after, direction, limit = readLimitMax } = options;
    const [first, last] = [page[0], page.at(-1)];
    if (first === undefined || last === undefined) return page;
    if (direction !== 'backward') {
      return merged(page, between(after ?? 0, last.position), byPosition).slice(0, limit);
    }
    const upTo = after === undefined ? first.position : after - 1;
    const beats = between(page.length < limit ? 0 : last.position, upTo);
    return merged(page.toReversed(), beats, byPosition).toReversed().slice(0, limit);
  }

  async function readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): Promise<readonly StoredEvent[]> {
    const page = await log.readStream(stream, options);
    const { from, direction, limit = readLimitMax } = options;
    const isBackward = direction === 'backward';
    const rising = isBackward ? page.toReversed() : page;
    const [first, last] = [rising[0], rising.at(-1)];
    if (first === undefined || last === undefined || !stream.startsWith('run-')) return page;
    const begin = isBackward && page.length === limit ? first.version : 0;
    const lowest = isBackward ? begin : Math.max(from ?? 0, 0);
    const highest = isBackward ? (from ?? last.version) : last.version;
    if (highest - lowest + 1 === page.length) return page;
    const span = {
      after: lowest < first.version ? 0 : first.position,
      upTo: highest > last.version ? Number.MAX_SAFE_INTEGER : last.position,
    };
    const runId = streamId(stream);
    const beats = between(span.after, span.upTo).filter(
      (beat) => beat.runId === runId && beat.version >= lowest && beat.version <= highest,
    );
    const all = merged(rising, beats, byVersion);
    return (isBackward ? all.toReversed() : all).slice(0, limit);
  }

  async function hashAt(position: Position): Promise<string | undefined> {
    const hash = await log.hashAt(position);
    if (hash !== undefined || between(position - 1, position).length === 0) return hash;
    const [before] = await log.readAll({ after: position, direction: 'backward', limit: 1 });
    return before && log.hashAt(before.position);
  }

  return {
    epoch: log.epoch,
    atomic: log.atomic,
    readAll,
    readStream,
    hashAt,
    hashBefore: (position) => log.hashBefore(position),
    append: (writes) => log.append(writes),
    head: () => log.head(),
    writingRefused: () => log.writingRefused(),
    onHint: (listener) => log.onHint(listener),
    close: () => log.close(),
  };
}

type Order = (one: StoredEvent, other: StoredEvent) => number;

const byPosition: Order = (one, other) => one.position - other.position;
const byVersion: Order = (one, other) => one.version - other.version;

/** Rising events with the beats among them, but for those that are there already. */
function merged(
  events: readonly StoredEvent[],
  beats: readonly TimedBeat[],
  order: Order,
): readonly StoredEvent[] {
  if (beats.length === 0) return events;
  const there = new Set(events.map(({ position }) => position));
  const gone = beats.filter(({ position }) => !there.has(position));
  return [...events, ...gone.map(asStored)].sort(order);
}

function asStored({ runId, position, version, atMs, coalesced }: TimedBeat): StoredEvent {
  const id = `thinned-${position}`;
  const cause = { commandId: id, $correlationId: runId, $causationId: id };
  const actor = { kind: 'worker', id: runId };
  return {
    stream: `run-${runId}`,
    version,
    position,
    id,
    type: 'HeartbeatRecorded',
    schemaVersion: 1,
    data: JSON.stringify({ coalesced }),
    meta: JSON.stringify({ actor, surface: 'sdk', ...cause, at: atMs }),
    recordedAtMs: atMs,
  };
}
