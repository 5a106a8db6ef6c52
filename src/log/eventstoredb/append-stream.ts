/**
 * One write of an append: to one stream, which a cluster stores whole or not at all.
 *
 * Where no version is expected, one is made of what is known here: without one, a cluster forgets
 * what it has stored after some time, and a repeat would be doubled.
 */
import { baseOf, isOpen, type StreamView } from '../compare.ts';
import {
  type Conflict,
  LogUnavailable,
  type Position,
  type StreamWrite,
  type Version,
} from '../event-log.ts';
import type { Clock, Random, Timers } from '../ports.ts';
import type { Mark } from './arrivals.ts';
import type { Connection } from './connection.ts';
import { propose } from './encode.ts';
import { faultOf } from './fault.ts';
import type { Feed } from './feed.ts';
import { type ClusterPlace, clusterStream } from './place.ts';
import { createSend } from './send.ts';
import type { Tail } from './tail.ts';
import { patiently, TookTooLong, within } from './within.ts';

/** A write that is stored. */
export interface Stored {
  readonly ok: true;
  readonly version: Version;
  readonly position: Position;
  /** It was stored by another append, before. */
  readonly repeated: boolean;
}

/** One append while it lasts. */
export interface Course {
  /** The mark its events carry. */
  readonly by: string;
  readonly mark: Mark;
  /** When it gives up, by the monotonic clock, ms. */
  readonly endAtMs: number;
}

/** What is done to one stream of the cluster. Rejects with a fault of the log. */
export interface StreamAppends {
  /** Stores a write, or says why not. */
  append(write: StreamWrite, course: Course): Promise<Stored | Conflict>;
  /**
   * What is known here of a write that was made before: stored, or late because other events are
   * in its place. Undefined when nothing is known, or not all.
   */
  recognise(write: StreamWrite): Promise<Stored | Conflict | undefined>;
  /** The last version of a stream on the cluster, as of now; -1 for none. */
  lastVersion(stream: string): Promise<Version>;
}

/** What this works with. */
export interface StreamAppendsDeps {
  readonly place: ClusterPlace;
  readonly connection: Pick<Connection, 'append' | 'endOf'>;
  readonly streams: StreamView;
  readonly tail: Tail;
  readonly feed: Pick<Feed, 'fetch'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** All of one append, its repeats included, ms. */
  readonly appendMsMax: number;
  /** How long one try may take, ms. */
  readonly tryMsMax: number;
  /** How long to wait for an event to arrive before it is fetched, ms. */
  readonly arrivalMsMax: number;
  /** Hears when the server says it stored something that was sent at a time, UTC ms both. */
  onStored(storedAtMs: number, sentAtMs: number): void;
}

/** Prepares appends to single streams. */
export function createStreamAppends(deps: StreamAppendsDeps): StreamAppends {
  const { place, connection, streams, tail, feed, clock, timers } = deps;
  const send = createSend({ ...deps, label: place.label });

  async function append(write: StreamWrite, course: Course): Promise<Stored | Conflict> {
    const { stream, expected } = write;
    for (;;) {
      const known = await recognise(write);
      if (known !== undefined) return known;
      const outcome = await sendAt(expectedNow(write), write, course);
      if (outcome.ok) return outcome;
      if (outcome.actual >= 0) await arrival(stream, outcome.actual, course);
      const isLate = !isOpen(expected) || (expected === 'stream_exists' && outcome.actual < 0);
      if (isLate) return { ...outcome, expected };
    }
  }

  function expectedNow({ stream, expected }: StreamWrite): Version | 'no_stream' | undefined {
    if (!isOpen(expected)) return expected;
    const last = tail.lastVersion(stream);
    return expected === 'stream_exists' && last < 0 ? undefined : last;
  }

  /** Without a version to expect, a stream has to be there, and is not known here. */
  async function sendAt(
    expected: Version | 'no_stream' | undefined,
    write: StreamWrite,
    { by, mark, endAtMs }: Course,
  ): Promise<Stored | Conflict> {
    const { stream, events } = write;
    const conflictAt = (actual: Version): Conflict => {
      return { ok: false, stream, expected: write.expected, actual };
    };
    if (expected === undefined) return conflictAt(await lastVersion(stream));
    const proposals = events.map((event) => propose(event, by));
    const name = clusterStream(place.board, stream);
    const sentAtMs = clock.nowMs();
    const sent = await send({ stream: name, expected, events: proposals, endAtMs });
    if (!sent.ok) return conflictAt(sent.actual);
    const { version } = sent;
    const position = await arrival(stream, version, { endAtMs });
    const storedAtMs = mark.storedAtMs(stream);
    if (storedAtMs !== undefined) deps.onStored(storedAtMs, sentAtMs);
    return { ok: true, version, position, repeated: storedAtMs === undefined };
  }

  async function recognise(write: StreamWrite): Promise<Stored | Conflict | undefined> {
    const { stream, expected, events } = write;
    const base = isOpen(expected) ? -1 : baseOf(expected);
    if (tail.lastVersion(stream) <= base) return undefined;
    await tail.flush();
    const start = isOpen(expected) ? streams.versionOf(stream, events[0]!.id) : base + 1;
    if (start === undefined) return undefined;
    const ids = streams.idsFrom(stream, start, events.length);
    if (ids.some((id, index) => id !== events[index]!.id)) {
      return { ok: false, stream, expected, actual: streams.lastVersion(stream) };
    }
    if (ids.length < events.length) return undefined;
    const version = start + events.length - 1;
    return { ok: true, version, position: streams.positionAt(stream, version), repeated: true };
  }

  /** Where the subscription does not bring it in time, it is fetched. */
  async function arrival(
    stream: string,
    version: Version,
    { endAtMs }: Pick<Course, 'endAtMs'>,
  ): Promise<Position> {
    const arriving = tail.arrival(stream, version);
    for (;;) {
      try {
        return await within(arriving, deps.arrivalMsMax, timers);
      } catch (error) {
        if (!(error instanceof TookTooLong)) throw error;
        if (clock.monoMs() >= endAtMs) throw notArrived(error);
      }
      await feed.fetch().catch((error) => {
        if (!(error instanceof LogUnavailable && error.retryable)) throw notArrived(error);
      });
    }
  }

  /** It is stored, but where cannot be told. */
  function notArrived(error: unknown): LogUnavailable {
    return faultOf(error, { attempted: 'read', label: place.label, outcomeUnknown: true });
  }

  /** Looking changes nothing, so it is tried again as long as an append is. */
  function lastVersion(stream: string): Promise<Version> {
    return patiently(
      async () => {
        try {
          const last = await connection.endOf(clusterStream(place.board, stream), 'last');
          return last === undefined ? -1 : Number(last.revision);
        } catch (error) {
          throw faultOf(error, { attempted: 'read', label: place.label });
        }
      },
      { clock, timers, msMax: deps.appendMsMax },
    );
  }

  return { append, recognise, lastVersion };
}
