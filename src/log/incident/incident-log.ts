/** An incident file as a log that can only be read. Positions are the board's own, with gaps. */
import { checkLimit } from '../check.ts';
import { logClosed } from '../closed.ts';
import {
  type EventLog,
  LogUnavailable,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
} from '../event-log.ts';
import { untilFull } from '../until-full.ts';
import type { IncidentEvent } from './format.ts';
import type { IncidentFile } from './read.ts';

/**
 * The events of a file. Appending rejects with a `LogUnavailable` of code `past_is_read_only`;
 * closing closes the file.
 */
export function createIncidentLog(file: IncidentFile): EventLog {
  const { positions, streams, header } = file;
  let isClosed = false;

  const eventAt = (index: number) => storedOf(file.event(index));

  async function readAll(options: ReadAllOptions = {}): Promise<readonly StoredEvent[]> {
    refuseWhenClosed();
    const limit = checkLimit(options.limit);
    if (options.direction === 'backward') {
      const to = indexAfter((options.after ?? Number.MAX_SAFE_INTEGER) - 1);
      return span(Math.max(to - limit, 0), to)
        .reverse()
        .map(eventAt);
    }
    const from = indexAfter(options.after ?? 0);
    return untilFull(eventsFrom(from, limit), options.charsMax);
  }

  function* eventsFrom(first: number, limit: number): Generator<StoredEvent> {
    const end = Math.min(first + limit, positions.length);
    for (let index = first; index < end; index += 1) yield eventAt(index);
  }

  async function readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): Promise<readonly StoredEvent[]> {
    refuseWhenClosed();
    const limit = checkLimit(options.limit);
    const { from, direction } = options;
    const events = streams.get(stream) ?? [];
    const wanted =
      direction === 'backward'
        ? events
            .filter(({ version }) => version <= (from ?? version))
            .slice(-limit)
            .reverse()
        : events.filter(({ version }) => version >= (from ?? 0)).slice(0, limit);
    return wanted.map(({ index }) => eventAt(index));
  }

  /** The index of the first event after a position: a search by halves. */
  function indexAfter(position: Position): number {
    let [low, high] = [0, positions.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (positions[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function refuseWhenClosed(): void {
    if (isClosed) throw logClosed();
  }

  return {
    epoch: header.board.epoch,
    atomic: true,
    append: () => Promise.reject(fileIsReadOnly()),
    readStream,
    readAll,
    async head() {
      refuseWhenClosed();
      const last = positions.length - 1;
      if (last < 0) return { position: 0, hash: '' };
      const { position, hash } = file.event(last);
      return { position, hash };
    },
    async hashAt(position) {
      refuseWhenClosed();
      const index = indexAfter(position) - 1;
      return positions[index] === position ? file.event(index).hash : undefined;
    },
    async hashBefore(position) {
      refuseWhenClosed();
      const index = indexAfter(position) - 1;
      return positions[index] === position ? file.event(index).prevHash : undefined;
    },
    writingRefused: fileIsReadOnly,
    // It never grows.
    onHint: () => () => {},
    async close() {
      if (!isClosed) file.close();
      isClosed = true;
    },
  };
}

function storedOf(event: IncidentEvent): StoredEvent {
  const { stream, version, position, recordedAtMs, id, type, schemaVersion, data, meta } = event;
  return { stream, version, position, recordedAtMs, id, type, schemaVersion, data, meta };
}

function span(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, index) => from + index);
}

function fileIsReadOnly(): LogUnavailable {
  return new LogUnavailable('An incident file can only be read', {
    code: 'past_is_read_only',
    hint: 'Leave out --log to change the board itself.',
    retryable: false,
  });
}
