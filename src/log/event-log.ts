/**
 * The log: the port every storage engine implements, its vocabulary and its promises.
 *
 * What every adapter promises (the contract suite in `test/log/event-log.contract.ts` is the
 * executable form of this list):
 *
 * - **Order.** `position` orders the whole log and grows with every commit; a reader that has seen
 *   position p has seen everything below p that will ever be there.
 * - **Versions.** The events of one stream carry versions 0, 1, 2 … without gaps, but for beats of
 *   ended runs that were thinned out: then an event `LogThinned` names each position and version.
 * - **Compare-and-append.** A write whose expected version does not hold changes nothing, and the
 *   answer carries what was expected and what was found.
 * - **All or nothing.** Every write of one `append` is stored, or none is (`atomic` logs). Others
 *   store one write after the other, in their order, each whole or not at all, and stop at the
 *   first that does not fit; guards are looked at just before the first. A repeat stores what is
 *   missing.
 * - **Idempotence.** Appending the same events (by id) again, at the same expected version, answers
 *   like the first time and stores nothing. An unknown outcome is therefore resolved by repeating.
 * - **Durability.** A resolved `append` survives the death of the process and of the machine.
 * - **Hints are hints.** `onHint` may fire late, early, twice or never; `readAll` is the truth.
 * - **Limits.** What breaks a limit below, or names one stream twice in one append, is a mistake of
 *   the program: it rejects with a `RangeError` and touches nothing.
 */

/** Place in the whole log. Grows; starts at 1; compare it, never compute with it. */
export type Position = number;

/** Place in one stream, 0-based. The version of an empty stream is -1. */
export type Version = number;

/**
 * What a writer believes about a stream before it appends. A number is the last event's version.
 */
export type ExpectedVersion = Version | 'no_stream' | 'stream_exists' | 'any';

/** An event on its way into the log: already encoded, so every engine stores the same bytes. */
export interface NewEvent {
  /** UUID made by the caller before the first try; a retry carries the same one. */
  readonly id: string;
  readonly type: string;
  /** Shape of the payload; see `codec.ts`. */
  readonly schemaVersion: number;
  /** Payload as JSON text. */
  readonly data: string;
  /** Envelope metadata (actor, surface, causation …) as JSON text. */
  readonly meta: string;
}

/** An event as the log gives it back. */
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  readonly version: Version;
  readonly position: Position;
  /** Wall clock of the writer at the commit, UTC ms. For display only: order is position. */
  readonly recordedAtMs: number;
}

/**
 * What to append to one stream. With no events it is a *guard*: the append succeeds only while the
 * stream still stands at `expected`.
 */
export interface StreamWrite {
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: readonly NewEvent[];
}

/** The append is stored and durable. */
export interface Appended {
  readonly ok: true;
  /**
   * Position of the last event stored by this append (or by its first try); where the log stood
   * when there were only guards.
   */
  readonly position: Position;
  /** Version of each stream's last event after the append, in the order of the writes. */
  readonly versions: readonly Version[];
  /** True when all of it was there already: a retry was recognised. */
  readonly repeated: boolean;
}

/** The append did not fit; nothing of it was stored, but for what `storedBefore` says. */
export interface Conflict {
  readonly ok: false;
  readonly stream: string;
  readonly expected: ExpectedVersion;
  /** Version of the stream's last event; -1 when the stream does not exist. */
  readonly actual: Version;
  /**
   * How many writes of this append are stored all the same, those in front of the one that did not
   * fit. Never on an `atomic` log; undefined is none.
   */
  readonly storedBefore?: number;
}

/** The answer to an append: both are answers, not faults. */
export type AppendResult = Appended | Conflict;

/** Which events of one stream to read, and from which end. */
export interface ReadStreamOptions {
  /** First version to return (last one, when reading backwards). */
  readonly from?: Version;
  readonly direction?: 'forward' | 'backward';
  /** Default and maximum: `readLimitMax`. */
  readonly limit?: number;
  /** Leaves encrypted text as it is stored (see `sealing/envelope.ts`). Default false. */
  readonly asStored?: boolean;
}

/** Which events of the whole log to read, and from which end. */
export interface ReadAllOptions {
  /** Return events strictly after this position (strictly before, when reading backwards). */
  readonly after?: Position;
  readonly direction?: 'forward' | 'backward';
  readonly limit?: number;
  /**
   * Reading forward, the page also ends with the event at which payloads and metadata come to so
   * many characters: for whoever reads on from there anyway. Default: `limit` alone ends it.
   */
  readonly charsMax?: number;
  readonly asStored?: boolean;
}

/** Largest page any read returns. */
export const readLimitMax = 10_000;

/** `charsMax` of whoever reads page by page: a few of the largest events, any page of others. */
export const pageCharsMax = 16 * 1_048_576;

/** Largest number of events in one append. */
export const appendEventsMax = 10_000;

/**
 * Largest size of one event, payload and metadata together, in bytes: a whole body of nothing but
 * quotes and line ends, which JSON makes twice as long, and some.
 */
export const eventBytesMax = 2 * 1_048_576 + 65_536;

/** Longest stream name, event type or event id, in characters. None is empty. */
export const nameLengthMax = 512;

/** Where the log ends. */
export interface LogHead {
  readonly position: Position;
  /** Hash of the last event (hex), where the engine keeps a chain; else the last event's id. */
  readonly hash: string;
}

/** The port. Its promises stand at the head of this file. */
export interface EventLog {
  /** Random id of this log's history. A restored older copy gets a new one. */
  readonly epoch: string;
  /** Whether one append to several streams is one commit. */
  readonly atomic: boolean;
  append(writes: readonly StreamWrite[]): Promise<AppendResult>;
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly StoredEvent[]>;
  readAll(options?: ReadAllOptions): Promise<readonly StoredEvent[]>;
  /** The last position and its hash; position 0 and hash '' for an empty log. */
  head(): Promise<LogHead>;
  /** The hash that the event at `position` carries, or undefined when there is none. */
  hashAt(position: Position): Promise<string | undefined>;
  /**
   * The hash that the event at `position` was appended to, even where the one before it has been
   * thinned out; of the first, whatever its engine begins with. Undefined without such an event.
   */
  hashBefore(position: Position): Promise<string | undefined>;
  /**
   * How long ago what is read here was last known to be all there is, in ms; only on a log that is
   * read from a copy.
   */
  readonly behindMs?: () => number;
  /** Why no appends are taken; undefined while they are. Once refused, they stay refused. */
  writingRefused(): LogUnavailable | LogDamaged | undefined;
  /** Calls back when the log may have grown. Returns the way to stop. */
  onHint(listener: () => void): () => void;
  close(): Promise<void>;
}

/** A log to those who only look: there is no way to append through it. */
export type LogReader = Pick<EventLog, 'epoch' | 'readAll' | 'readStream' | 'head' | 'hashAt'>;

/** A fault of the log: the storage, not the caller, is in trouble. Nothing was acknowledged. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
  readonly code: string;
  readonly hint: string;
  readonly retryable: boolean;
  /** True when the append may have been stored: repeat the same append before anything else. */
  readonly outcomeUnknown: boolean;

  constructor(
    message: string,
    facts: {
      code: string;
      hint: string;
      retryable: boolean;
      outcomeUnknown?: boolean;
      cause?: unknown;
    },
  ) {
    super(message, { cause: facts.cause });
    this.code = facts.code;
    this.hint = facts.hint;
    this.retryable = facts.retryable;
    this.outcomeUnknown = facts.outcomeUnknown ?? false;
  }
}

/** The stored bytes are not what was written: the board must not be trusted or written to. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
  readonly code = 'log_damaged';
  readonly hint: string;
  /** First position that does not verify. */
  readonly position: Position | undefined;

  constructor(message: string, facts: { hint: string; position?: Position; cause?: unknown }) {
    super(message, { cause: facts.cause });
    this.hint = facts.hint;
    this.position = facts.position;
  }
}
