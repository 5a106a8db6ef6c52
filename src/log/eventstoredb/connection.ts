/**
 * The one connection of this process to a cluster: the client, its limits, and its replacement.
 *
 * What the client does not do itself is done here: nothing waits for ever; few enough appends are
 * under way that its queue never fills (with a full one, a connection that breaks ends the whole
 * process); and a client that has failed is thrown away with everything that hangs on it, because
 * its batch stream may not outlive the one that follows.
 */
import type {
  AllStreamRecordedEvent,
  AllStreamResolvedEvent,
  AllStreamSubscription,
  AppendResult,
  EventData,
  EventStoreDBClient,
  Position,
  ReadPosition,
  RecordedEvent,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import { type ExpectedVersion, LogUnavailable } from '../event-log.ts';
import type { Timers } from '../ports.ts';
import { createLiveClient, type Generation } from './live-client.ts';
import type { ClusterPlace } from './place.ts';
import { createSlots } from './slots.ts';

type Library = typeof import('@eventstore/db-client');

/** What to append to one stream of the cluster. */
export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: EventData[];
}

/** What is heard of a subscription. */
export interface Heard {
  event(record: AllStreamRecordedEvent): void;
  /** Everything up to here was looked at, whatever of it was wanted. */
  checkpoint(position: Position): void;
  /** The server has confirmed that it will send. */
  confirmed(): void;
}

/** A subscription that is under way. */
export interface Following {
  /** Rejects or resolves when it is over; it never begins again by itself. */
  readonly over: Promise<void>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** The connection. Every call rejects with what the client throws, `TookTooLong` or `Replaced`. */
export interface Connection {
  append(request: AppendRequest, msMax: number): Promise<AppendResult>;
  /** A page of everything behind a position, and the position itself if there is one. */
  readAll(from: Position | undefined, count: number): Promise<readonly AllStreamRecordedEvent[]>;
  /** The first or last event of a stream; undefined when there is none. */
  endOf(stream: string, which: 'first' | 'last'): Promise<RecordedEvent | undefined>;
  /** Follows the streams whose names begin with a prefix, from behind a position on. */
  follow(prefix: string, from: Position | undefined, heard: Heard): Promise<Following>;
  /** Says that one user is done. */
  release(): Promise<void>;
}

/** How long a read may take, ms. */
const readMsMax = 10_000;

/**
 * Appends under way on one batch stream. The client's own queue takes 16: what waits behind them
 * is rejected where nobody can catch it when the connection breaks.
 */
const appendsMax = 12;

/**
 * The deadline of an append over a batch stream is a moment that the server looks for on *its*
 * clock: far enough for clocks that disagree.
 */
const batchDeadlineMs = 3_600_000;

/** Opens nothing by itself: the first call does. `onEnd` is called once the last user is done. */
export function createConnection(
  library: Library,
  { url, label }: ClusterPlace,
  { timers, credentials, onEnd }: ConnectionDeps,
): Connection & { use(): void } {
  const slots = createSlots(appendsMax);
  const live = createLiveClient(() => newClient(library, url, label), endClient, timers);
  const extra = credentials === undefined ? {} : { credentials };
  let users = 0;

  async function append({ stream, expected, events }: AppendRequest, msMax: number) {
    const giveBack = await slots.take();
    try {
      const expectedRevision = revisionOf(expected);
      return await live.run(async (client, begin) => {
        const isBatched = credentials === undefined && (await hasBatches(client));
        const deadline = isBatched ? batchDeadlineMs : msMax;
        const options = { expectedRevision, deadline, requiresLeader: true, ...extra };
        return begin(() => client.appendToStream(stream, events, options));
      }, msMax);
    } finally {
      giveBack();
    }
  }

  async function readAll(from: Position | undefined, count: number) {
    const fromPosition: ReadPosition = from ?? library.START;
    const options = { fromPosition, maxCount: count, ...extra };
    const resolved = await live.run(
      (client) => collect<AllStreamResolvedEvent>(client.readAll(options)),
      readMsMax,
    );
    return resolved.flatMap(({ event }) => (event === undefined ? [] : [event]));
  }

  async function endOf(stream: string, which: 'first' | 'last') {
    const where =
      which === 'first'
        ? ({ fromRevision: library.START, direction: library.FORWARDS } as const)
        : ({ fromRevision: library.END, direction: library.BACKWARDS } as const);
    const options = { ...where, maxCount: 1, requiresLeader: true, ...extra };
    try {
      const [found] = await live.run(
        (client) => collect<ResolvedEvent>(client.readStream(stream, options)),
        readMsMax,
      );
      return found?.event;
    } catch (error) {
      if (error instanceof library.StreamNotFoundError) return undefined;
      throw error;
    }
  }

  async function follow(prefix: string, from: Position | undefined, heard: Heard) {
    const generation = await live.current();
    const filter = library.streamNameFilter({
      prefixes: [prefix],
      checkpointReached(subscription, position) {
        // It comes past the events that wait to be heard: before them it would be believed that
        // they were.
        if (subscription.readableLength === 0) heard.checkpoint(position);
      },
    });
    const fromPosition = from ?? library.START;
    const subscription = generation.client.subscribeToAll({ fromPosition, filter, ...extra });
    return followingOf(subscription, heard, generation);
  }

  return {
    append,
    readAll,
    endOf,
    follow,
    use: () => {
      users += 1;
    },
    async release() {
      users -= 1;
      if (users > 0) return;
      onEnd();
      await live.end();
    },
  };
}

/** What a connection is made with. */
export interface ConnectionDeps {
  readonly timers: Timers;
  /** Sent with every call, which keeps it off the batch stream. */
  readonly credentials?: { readonly username: string; readonly password: string };
  onEnd(): void;
}

function newClient(library: Library, url: string, label: string): EventStoreDBClient {
  try {
    return library.EventStoreDBClient.connectionString(url);
  } catch (error) {
    throw badUrl(label, error);
  }
}

/** Where the client quotes the connection string, with a password maybe, it is not quoted here. */
function badUrl(label: string, error: unknown): LogUnavailable {
  const said = error instanceof Error ? error.message : '';
  const why = said === '' || /[@/]/.test(said) ? 'it is not understood' : said;
  return new LogUnavailable(`The client cannot use ${label}: ${why}`, {
    code: 'bad_log_url',
    hint: 'For example: esdb://user:password@node-1:2113,node-2:2113?tlsCAFile=/path/ca.crt',
    retryable: false,
  });
}

/** What the client does not show in its types. */
interface Inside {
  getChannel(): Promise<{ close(): void }>;
  readonly capabilities: Promise<{ supports(method: { readonly path: string }): boolean }>;
}

const insideOf = (client: EventStoreDBClient) => client as unknown as Inside;

/**
 * Whether appends share a batch stream. Once this is answered, the client begins an append at once;
 * else it would ask first, and begin it on a client that may have been replaced by then.
 */
async function hasBatches(client: EventStoreDBClient): Promise<boolean> {
  const capabilities = await insideOf(client).capabilities;
  return capabilities.supports({ path: '/event_store.client.streams.Streams/BatchAppend' });
}

/** Cancels what is under way, and lets go of the socket, which a new client would use again. */
async function endClient(client: EventStoreDBClient): Promise<void> {
  await client.dispose();
  (await insideOf(client).getChannel()).close();
}

function revisionOf(expected: ExpectedVersion) {
  if (expected === -1) return 'no_stream';
  return typeof expected === 'number' ? BigInt(expected) : expected;
}

/** All items of a read. */
function collect<T>(page: StreamingRead<T>): Promise<readonly T[]> {
  const items: T[] = [];
  return new Promise((resolve, reject) => {
    page.on('error', reject);
    page.on('data', (item: T) => items.push(item));
    page.on('end', () => resolve(items));
  });
}

/** It is over with an error, without one, when the client is replaced, and when it is stopped. */
function followingOf(
  subscription: AllStreamSubscription,
  heard: Heard,
  generation: Generation<EventStoreDBClient>,
): Following {
  let finish = () => {};
  const over = new Promise<void>((resolve, reject) => {
    const stopHearing = generation.onReplaced(resolve);
    finish = () => {
      stopHearing();
      resolve();
    };
    subscription.on('error', (error) => {
      generation.judge(error);
      reject(error);
    });
    subscription.on('end', resolve);
    subscription.on('close', resolve);
    subscription.on('confirmation', () => heard.confirmed());
    subscription.on('data', ({ event }) => {
      if (event !== undefined) heard.event(event);
    });
  });
  over.catch(() => {});
  return {
    over,
    pause: () => void subscription.pause(),
    resume: () => void subscription.resume(),
    async stop() {
      finish();
      // Leaving it alone would leave the call open for ever.
      await subscription.unsubscribe().catch(() => {});
    },
  };
}
