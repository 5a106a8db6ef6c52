/** Copied events as appends: neighbours of one stream together, fillers for what was thinned. */
import { createHash } from 'node:crypto';
import type { EventData } from '@eventstore/db-client';
import type { CopiedEvent } from '../copied.ts';
import type { Version } from '../event-log.ts';
import { propose } from './encode.ts';

/** One append to a stream of the board. */
export interface CopiedAppend {
  readonly stream: string;
  readonly expected: Version | 'no_stream';
  readonly events: EventData[];
}

/** What the appends are marked with, and what their fillers are named after. */
export interface Naming {
  readonly epoch: string;
  readonly by: string;
}

/** Least of what servers take at a time, in bytes (1 MiB), less room for what they add. */
const appendBytesMax = 512 * 1_024;

/** Fillers in one append; the same ones again whenever a copy goes on. */
const fillersMax = 500;

/** The appends that events come to, in their order. */
export function* appendsOf(
  events: readonly CopiedEvent[],
  naming: Naming,
): Generator<CopiedAppend> {
  for (let at = 0; at < events.length; ) {
    const first = events[at]!;
    yield* fillersBefore(first, naming);
    const end = endOfRun(events, at);
    const run = events.slice(at, end);
    const { stream, version } = first;
    yield {
      stream,
      expected: behindVersion(version),
      events: run.map((each) => proposed(each, naming)),
    };
    at = end;
  }
}

/** What is expected of a stream in which the next event gets this version. */
function behindVersion(version: Version): CopiedAppend['expected'] {
  return version === 0 ? 'no_stream' : version - 1;
}

/** Where the events end that follow each other in one stream and fit into one append. */
function endOfRun(events: readonly CopiedEvent[], start: number): number {
  const { stream } = events[start]!;
  let bytes = sizeOf(events[start]!);
  for (let at = start + 1; ; at += 1) {
    const next = events[at];
    if (next === undefined || next.stream !== stream || next.behind !== undefined) return at;
    bytes += sizeOf(next);
    if (bytes > appendBytesMax) return at;
  }
}

/** Characters may be three bytes, and text in JSON twice as long. */
function sizeOf({ data, meta }: CopiedEvent): number {
  return 3 * (data.length + meta.length) + 500;
}

function proposed(event: CopiedEvent, { by }: Naming): EventData {
  const { recordedAtMs: at, position, before, behind } = event;
  return propose(event, by, {
    at,
    position,
    ...(before === undefined ? {} : { before }),
    ...(behind === undefined ? {} : { behind }),
  });
}

/** Revisions of a cluster have no gaps: each version that was thinned is an event without sense. */
function* fillersBefore(event: CopiedEvent, naming: Naming): Generator<CopiedAppend> {
  const { stream, version, behind = version - 1 } = event;
  for (let from = behind + 1; from < version; from += fillersMax) {
    const count = Math.min(fillersMax, version - from);
    const events = Array.from({ length: count }, (_, index) =>
      filler(stream, from + index, naming),
    );
    yield { stream, expected: behindVersion(from), events };
  }
}

function filler(stream: string, version: Version, { epoch, by }: Naming): EventData {
  const id = idOfFiller(`${epoch}\n${stream}\n${version}`);
  const nothing = { id, type: 'ThinnedOut', schemaVersion: 1, data: '{}', meta: '{}' };
  return propose(nothing, by, { isThinned: true });
}

/** The same whenever it is made: a UUID of version 8. */
function idOfFiller(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const [one, two, three] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16)];
  return `${one}-${two}-8${three}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
