/**
 * What a loopback node stores: streams of records, and the order of all of them.
 *
 * It decides like the real server does (`IndexWriter.CheckCommit`), which is not quite how our own
 * engines decide: an event that is appended at the very version a stream stands at is stored
 * whatever its id, and with `any` an id is remembered for the whole store, in whichever stream.
 */

/** One event as a node keeps it. */
export interface Recorded {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Wall clock of the node, UTC ms. */
  readonly createdAtMs: number;
  /** Byte offset in an imagined file: grows, has gaps, and stands for commit and prepare. */
  readonly position: number;
}

/** An event on its way in. */
export type Proposed = Pick<Recorded, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

/** What a writer expects of a stream; a number is the last event's revision. */
export type Expected = number | 'any' | 'no_stream' | 'stream_exists';

/** An append that was taken: what it stored last. A negative position is not told. */
export interface Accepted {
  readonly kind: 'stored' | 'repeated';
  readonly revision: number;
  readonly position: number;
}

/** What an append came to. `current` is -1 for a stream that does not exist. */
export type Verdict =
  | Accepted
  | { readonly kind: 'conflict'; readonly current: number }
  | { readonly kind: 'deleted' };

/** One store, which the nodes of a cluster share. */
export interface Store {
  append(stream: string, expected: Expected, events: readonly Proposed[]): Verdict;
  /** Deletes softly: what follows goes on numbering where it was. */
  remove(stream: string): void;
  /** Deletes for good: the name is of no use any more. */
  tombstone(stream: string): void;
  /** What can be read of a stream, from its first revision that was not deleted. */
  streamOf(stream: string): readonly Recorded[] | 'deleted' | 'missing';
  /** Everything, in order. */
  readonly all: readonly Recorded[];
  /** Index in `all` of the first record behind a position; undefined when none begins there. */
  behind(position: number): number | undefined;
  /** Makes another record of each, or takes it away, as scavenging and hands in the files do. */
  rewrite(change: (record: Recorded) => Recorded | undefined): void;
  /** Calls back after each append that stored something. Returns the way to stop. */
  onGrown(listener: () => void): () => void;
}

interface Stream {
  readonly events: Recorded[];
  /** Revisions below were deleted softly. */
  begin: number;
  isTombstoned: boolean;
}

/** A record takes this much besides its own bytes; chosen so that no offset looks like a count. */
const overheadBytes = 97;

/** Creates an empty store. */
export function createStore(nowMs: () => number): Store {
  const streams = new Map<string, Stream>();
  const all: Recorded[] = [];
  const indexOf = new Map<number, number>();
  const placeOf = new Map<string, Recorded>();
  const listeners = new Set<() => void>();
  let end = overheadBytes;

  function streamNamed(name: string): Stream {
    const found = streams.get(name) ?? { events: [], begin: 0, isTombstoned: false };
    streams.set(name, found);
    return found;
  }

  function append(name: string, expected: Expected, events: readonly Proposed[]): Verdict {
    const stream = streams.get(name);
    if (stream?.isTombstoned) return { kind: 'deleted' };
    const current = (stream?.events.length ?? 0) - 1;
    const isGone = stream !== undefined && current < stream.begin;
    if (expected === 'stream_exists' && isGone && current >= 0) return { kind: 'deleted' };
    const repeat = repeatOf(name, expected, events, current);
    if (repeat !== undefined) return repeat;
    const holds = isMet(expected, current) || (expected === 'no_stream' && isGone);
    return holds ? store(name, events) : { kind: 'conflict', current };
  }

  /** A repeat is looked for only behind the expected version, and with `any` by the id alone. */
  function repeatOf(
    name: string,
    expected: Expected,
    events: readonly Proposed[],
    current: number,
  ) {
    const first = events[0];
    if (first === undefined) return undefined;
    if (expected === 'any' || expected === 'stream_exists') {
      const known = placeOf.get(first.id);
      if (known?.stream !== name) return undefined;
      return answerOfRepeat(name, known.revision + events.length - 1);
    }
    const base = expected === 'no_stream' ? -1 : expected;
    if (base >= current) return undefined;
    const stored = streams.get(name)?.events ?? [];
    const isSame = events.every(({ id }, index) => stored[base + 1 + index]?.id === id);
    return isSame ? answerOfRepeat(name, base + events.length) : undefined;
  }

  function answerOfRepeat(name: string, revision: number): Verdict {
    const { position } = streams.get(name)!.events[revision]!;
    return { kind: 'repeated', revision, position };
  }

  function store(name: string, events: readonly Proposed[]): Verdict {
    const stream = streamNamed(name);
    const createdAtMs = nowMs();
    for (const event of events) {
      const record = {
        ...event,
        stream: name,
        revision: stream.events.length,
        createdAtMs,
        position: end,
      };
      end += overheadBytes + event.data.length + event.metadata.length;
      stream.events.push(record);
      placeOf.set(event.id, record);
      indexOf.set(record.position, all.length);
      all.push(record);
    }
    for (const listener of listeners) listener();
    const { position } = all.at(-1) ?? { position: 0 };
    return { kind: 'stored', revision: stream.events.length - 1, position };
  }

  return {
    all,
    append,
    remove: (name) => {
      const stream = streamNamed(name);
      stream.begin = stream.events.length;
    },
    tombstone: (name) => {
      streamNamed(name).isTombstoned = true;
    },
    streamOf(name) {
      const stream = streams.get(name);
      if (stream === undefined) return 'missing';
      if (stream.isTombstoned) return 'deleted';
      const { events, begin } = stream;
      if (events.length <= begin) return 'missing';
      return begin === 0 ? events : events.slice(begin);
    },
    behind(position) {
      const index = indexOf.get(position);
      return index === undefined ? undefined : index + 1;
    },
    rewrite(change) {
      const left = all.splice(0).flatMap((record) => change(record) ?? []);
      indexOf.clear();
      for (const record of left) indexOf.set(record.position, all.push(record) - 1);
    },
    onGrown(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isMet(expected: Expected, current: number): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'stream_exists':
      return current >= 0;
    case 'no_stream':
      return current === -1;
    default:
      return expected === current;
  }
}
