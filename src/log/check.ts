/**
 * The limits of the port, checked before anything is touched. Breaking one is a programming error.
 */
import {
  appendEventsMax,
  eventBytesMax,
  type NewEvent,
  nameLengthMax,
  readLimitMax,
  type StreamWrite,
} from './event-log.ts';

/** Throws a `RangeError` when `writes` break a limit of the log. */
export function checkWrites(writes: readonly StreamWrite[]): void {
  refuseUnless(writes.length > 0, 'An append needs at least one write');
  let events = 0;
  for (const write of writes) {
    checkName('stream name', write.stream);
    write.events.forEach(checkEvent);
    events += write.events.length;
  }
  refuseUnless(
    events <= appendEventsMax,
    `An append takes at most ${appendEventsMax} events, not ${events}`,
  );
  refuseUnless(
    allDiffer(writes, (write) => write.stream),
    'An append names each stream once',
  );
  for (const write of writes) {
    refuseUnless(
      allDiffer(write.events, (event) => event.id),
      `The events for ${write.stream} do not all have ids of their own`,
    );
  }
}

/** The size of a page; throws a `RangeError` when it is not a whole number within the limits. */
export function checkLimit(limit: number = readLimitMax): number {
  refuseUnless(
    Number.isInteger(limit) && limit >= 1 && limit <= readLimitMax,
    `A read takes a limit from 1 to ${readLimitMax}, not ${limit}`,
  );
  return limit;
}

function checkEvent(event: NewEvent): void {
  checkName('event id', event.id);
  checkName('event type', event.type);
  refuseUnless(
    Number.isInteger(event.schemaVersion) && event.schemaVersion >= 0,
    `${event.schemaVersion} is not a schema version`,
  );
  checkWellFormed('payload', event.data);
  checkWellFormed('metadata', event.meta);
  const bytes = bytesTooMany(event);
  refuseUnless(
    bytes === undefined,
    `An event takes at most ${eventBytesMax} bytes, not ${bytes} (${event.type})`,
  );
}

/** The most that one unit of a string's length takes in UTF-8; a pair of two takes four. */
export const utf8BytesPerUnitMax = 3;

/** How many bytes an event takes, when they are more than one may take. */
export function bytesTooMany({ data, meta }: Pick<NewEvent, 'data' | 'meta'>): number | undefined {
  // Counting takes a walk through the text, which hardly any event is long enough to need.
  if (utf8BytesPerUnitMax * (data.length + meta.length) <= eventBytesMax) return undefined;
  const bytes = Buffer.byteLength(data) + Buffer.byteLength(meta);
  return bytes > eventBytesMax ? bytes : undefined;
}

function checkName(what: string, name: string): void {
  refuseUnless(
    name.length >= 1 && name.length <= nameLengthMax,
    `The ${what} takes 1 to ${nameLengthMax} characters, not ${name.length}`,
  );
  checkWellFormed(what, name);
}

/** Half of a surrogate pair has no UTF-8: it would be read back as something else. */
function checkWellFormed(what: string, text: string): void {
  refuseUnless(text.isWellFormed(), `The ${what} is not well-formed Unicode`);
}

function allDiffer<T>(items: readonly T[], key: (item: T) => string): boolean {
  return items.length < 2 || new Set(items.map(key)).size === items.length;
}

function refuseUnless(holds: boolean, problem: string): void {
  if (!holds) {
    throw new RangeError(problem);
  }
}
