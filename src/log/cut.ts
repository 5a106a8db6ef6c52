/** A log up to a position, as it was when that event had just been stored; it can only be read. */
import { logClosed } from './closed.ts';
import {
  type EventLog,
  LogUnavailable,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
} from './event-log.ts';

/**
 * The part of a log up to and with `end`. Closing it leaves the log itself open; appending to it
 * rejects with a `LogUnavailable` of code `past_is_read_only`.
 */
export function cutLog(log: EventLog, end: Position): EventLog {
  let isClosed = false;

  async function readAll(options: ReadAllOptions = {}): Promise<readonly StoredEvent[]> {
    refuseWhenClosed();
    const { after, direction } = options;
    if (direction !== 'backward') return upToEnd(await log.readAll(options));
    return log.readAll({ ...options, after: Math.min(after ?? end + 1, end + 1) });
  }

  async function readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): Promise<readonly StoredEvent[]> {
    refuseWhenClosed();
    const page = await log.readStream(stream, options);
    const wanted = upToEnd(page);
    if (options.direction !== 'backward' || wanted.length === page.length) return wanted;
    // What came later fills the page: the ones wanted begin further down.
    const from = wanted[0]?.version ?? (page.at(-1)?.version ?? 0) - 1;
    return from < 0 ? [] : readStream(stream, { ...options, from });
  }

  function upToEnd(events: readonly StoredEvent[]): readonly StoredEvent[] {
    return events.filter(({ position }) => position <= end);
  }

  function refuseWhenClosed(): void {
    if (isClosed) throw logClosed();
  }

  return {
    epoch: log.epoch,
    atomic: log.atomic,
    readAll,
    readStream,
    append: () => Promise.reject(pastIsReadOnly()),
    writingRefused: pastIsReadOnly,
    async head() {
      refuseWhenClosed();
      return { position: end, hash: (await log.hashAt(end)) ?? '' };
    },
    async hashAt(position) {
      refuseWhenClosed();
      return position <= end ? log.hashAt(position) : undefined;
    },
    async hashBefore(position) {
      refuseWhenClosed();
      return position <= end ? log.hashBefore(position) : undefined;
    },
    // It never grows.
    onHint: () => () => {},
    async close() {
      isClosed = true;
    },
  };
}

function pastIsReadOnly(): LogUnavailable {
  return new LogUnavailable('The past can only be read', {
    code: 'past_is_read_only',
    hint: 'Open the board as it is now to change it.',
    retryable: false,
  });
}
