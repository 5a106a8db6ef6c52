/** A log or one of its streams, page by page: whoever reads on gets the next one. */
import {
  type EventLog,
  type Position,
  pageCharsMax,
  type ReadStreamOptions,
  readLimitMax,
  type StoredEvent,
} from './event-log.ts';

/** Which part of a log to read. */
export interface Part {
  /** Only events after this position. */
  readonly after?: Position;
  /** Only events up to this position. */
  readonly upTo?: Position | undefined;
  /** Events in a page at most. */
  readonly pageSize?: number;
  /** Leaves encrypted text as it is stored. Default false. */
  readonly asStored?: boolean;
}

/**
 * The pages of a part of the log, none of them empty; the last ends where the log ends by then.
 * Where texts are long they are shorter than `pageSize`.
 */
export async function* pagesOf(
  log: Pick<EventLog, 'readAll'>,
  part: Part = {},
): AsyncGenerator<readonly StoredEvent[], void> {
  const { after = 0, upTo = Number.POSITIVE_INFINITY } = part;
  const { pageSize: limit = readLimitMax, asStored = false } = part;
  for (let cursor = after; cursor < upTo; ) {
    const page = await log.readAll({ after: cursor, limit, charsMax: pageCharsMax, asStored });
    const wanted = page.filter(({ position }) => position <= upTo);
    const last = wanted.at(-1);
    if (last === undefined) return;
    if (last.position <= cursor) throw new Error(`Reading after ${cursor} goes backwards`);
    yield wanted;
    cursor = last.position;
  }
}

/** Events of a page that is read backwards: few, for nothing else ends it where texts are long. */
const pageSizeBack = 100;

/** The pages before a place, back to the beginning, none of them empty; the last event first. */
export async function* pagesBefore(
  log: Pick<EventLog, 'readAll'>,
  place: Position,
  { asStored = false }: Pick<Part, 'asStored'> = {},
): AsyncGenerator<readonly StoredEvent[], void> {
  for (let after = place; ; ) {
    const wanted = { after, direction: 'backward', limit: pageSizeBack, asStored } as const;
    const page = await log.readAll(wanted);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.position;
  }
}

/**
 * The pages of a stream, none of them empty. Reading goes on by version and not by count: the beats
 * of ended runs may be gone.
 */
export async function* pagesOfStream(
  log: Pick<EventLog, 'readStream'>,
  stream: string,
  options: Omit<ReadStreamOptions, 'direction'> = {},
): AsyncGenerator<readonly StoredEvent[], void> {
  for (let from = options.from ?? 0; ; ) {
    const page = await log.readStream(stream, { ...options, from });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    from = last.version + 1;
  }
}
