/**
 * Compare-and-append, decided: is an append fresh, a repeat of one that is stored already, or late?
 *
 * Every engine of ours asks here, from inside its write transaction, so that they cannot differ.
 */
import type {
  Appended,
  Conflict,
  ExpectedVersion,
  NewEvent,
  Position,
  StreamWrite,
  Version,
} from './event-log.ts';

/** What there is to know about streams, as the writer's transaction sees them. */
export interface StreamView {
  /** Version of the stream's last event; -1 when there is none. */
  lastVersion(stream: string): Version;
  /** Ids of the events from `from` on, at most `count`, in order. */
  idsFrom(stream: string, from: Version, count: number): readonly string[];
  /** Version of the stream's event with this id. */
  versionOf(stream: string, id: string): Version | undefined;
  positionAt(stream: string, version: Version): Position;
}

/** What is to be done with an append. */
export type Verdict =
  | Conflict
  | { readonly ok: true; readonly stored: Appended }
  /** To be stored; `bases` are the versions its streams stand at, in the order of the writes. */
  | { readonly ok: true; readonly stored?: never; readonly bases: readonly Version[] };

/** Compares every write's expectation with what stands in its stream. */
export function compare(writes: readonly StreamWrite[], view: StreamView): Verdict {
  const findings = writes.map((write) => examine(write, view));
  const late = findings.find(({ standing }) => standing === 'late');
  if (late !== undefined) {
    return conflict(late);
  }
  const repeat = findings.find(({ standing }) => standing === 'repeat');
  if (repeat === undefined) {
    const moved = findings.find(({ standing }) => standing === 'moved');
    return moved ? conflict(moved) : { ok: true, bases: findings.map(({ actual }) => actual) };
  }
  // Its first try stored all of it at once, so half a repeat is no repeat.
  const isWhole = findings.every(({ standing }) => standing !== 'fresh');
  return isWhole ? { ok: true, stored: firstAnswer(findings, view) } : conflict(repeat);
}

interface Finding {
  readonly write: StreamWrite;
  readonly actual: Version;
  /** `moved` and `holds` are for guards, which store nothing and so cannot be repeated. */
  readonly standing: 'fresh' | 'repeat' | 'late' | 'holds' | 'moved';
  /** Version its stream stood at after the first try, as far as that can be told. */
  readonly reached: Version;
}

function examine(write: StreamWrite, view: StreamView): Finding {
  const { stream, expected, events } = write;
  const actual = view.lastVersion(stream);
  const holds = isMet(expected, actual);
  const [first] = events;
  if (first === undefined) {
    const reached = typeof expected === 'number' ? expected : actual;
    return { write, actual, standing: holds ? 'holds' : 'moved', reached };
  }
  const start = firstTryAt(write, first, holds, view);
  if (start === undefined) {
    return { write, actual, standing: holds ? 'fresh' : 'late', reached: actual };
  }
  const isRepeat = sameIds(events, view.idsFrom(stream, start, events.length));
  const reached = start + events.length - 1;
  return { write, actual, standing: isRepeat ? 'repeat' : 'late', reached };
}

/** The version at which the first try, if there was one, stored the first event. */
function firstTryAt(
  { stream, expected }: StreamWrite,
  first: NewEvent,
  holds: boolean,
  view: StreamView,
): Version | undefined {
  if (isOpen(expected)) {
    return view.versionOf(stream, first.id);
  }
  return holds ? undefined : baseOf(expected) + 1;
}

/** Whether a stream whose last event has this version is as it was expected to be. */
export function isMet(expected: ExpectedVersion, actual: Version): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'stream_exists':
      return actual >= 0;
    default:
      return baseOf(expected) === actual;
  }
}

/** Whether no version is expected. */
export function isOpen(expected: ExpectedVersion): expected is 'any' | 'stream_exists' {
  return expected === 'any' || expected === 'stream_exists';
}

/** The version that a stream has to stand at. */
export function baseOf(expected: Version | 'no_stream'): Version {
  return expected === 'no_stream' ? -1 : expected;
}

function sameIds(events: readonly NewEvent[], ids: readonly string[]): boolean {
  return events.every((event, index) => event.id === ids[index]);
}

function firstAnswer(findings: readonly Finding[], view: StreamView): Appended {
  const positions = findings
    .filter(({ standing }) => standing === 'repeat')
    .map(({ write, reached }) => view.positionAt(write.stream, reached));
  return {
    ok: true,
    position: Math.max(...positions),
    versions: findings.map(({ reached }) => reached),
    repeated: true,
  };
}

function conflict({ write, actual }: Finding): Conflict {
  return { ok: false, stream: write.stream, expected: write.expected, actual };
}
