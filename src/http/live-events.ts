/**
 * What happens, for all who follow it: the log is followed once, every event is read and written
 * out once, and the latest are kept. Who is further behind reads the log until it has come so far.
 */
import type { Queries } from '../../projections/index.ts';
import { codec } from '../log/codec.ts';
import type { Position, StoredEvent } from '../log/event-log.ts';
import { recordedJson } from '../wire/recorded-json.ts';
import type { DoorParts } from './door-parts.ts';
import { frame } from './sse.ts';
import { type Subject, subjectOf } from './wanted-events.ts';

/** An event as it is sent. */
export interface HeardEvent {
  readonly position: Position;
  readonly type: string;
  /** Its frame. */
  readonly text: string;
  /** What it is about, looked up when somebody asks. */
  subject(): Subject;
}

/** What comes after a place, and how far the log goes. */
export interface Batch {
  readonly events: readonly HeardEvent[];
  /** The place of the last of them. */
  readonly last: Position;
  readonly head: Position;
}

/** The events of one door. */
export interface LiveEvents {
  /** What comes after a place; waits for it. Undefined when there is no more to wait for. */
  after(position: Position, signal: AbortSignal): Promise<Batch | undefined>;
}

/** Events and characters that are kept, at most. */
const keptMax = 5_000;
const keptCharsMax = 16 * 1024 * 1024;
/** Events of one batch, and what they hold if they are read from the log, in characters. */
const batchMax = 200;
const batchCharsMax = 4 * 1024 * 1024;
/** Everybody is woken at most so often, in ms: what happens in between comes together. */
const wakeEveryMs = 15;

/** Begins when the first one asks, and ends with the signal. */
export function createLiveEvents(
  parts: Pick<DoorParts, 'board' | 'timers' | 'follow' | 'onFault'>,
  closing: AbortSignal,
): LiveEvents {
  const { board, timers } = parts;
  const kept: HeardEvent[] = [];
  let keptChars = 0;
  /** Everything after this place is kept. */
  let keptAfter: Position = 0;
  let following: Promise<void> | undefined;
  let waiting: (() => void)[] = [];

  async function begin(): Promise<void> {
    kept.length = 0;
    keptChars = 0;
    keptAfter = (await board.log.head()).position;
    void follow(keptAfter).finally(() => {
      // Whoever follows is let go, and may come back: then it begins anew.
      following = undefined;
      wakeAll();
    });
  }

  /** A log that did not answer once may answer the next one who asks. */
  function forget(fault: unknown): never {
    following = undefined;
    throw fault;
  }

  async function follow(from: Position): Promise<void> {
    try {
      for await (const page of parts.follow(from, closing)) {
        for (const heard of await hear(page)) keep(heard);
        if (page.some(({ type }) => type === 'TaskTombstoned')) dropKept();
        wakeAll();
        await new Promise<void>((resolve) => timers.after(wakeEveryMs, resolve));
      }
    } catch (fault) {
      if (!closing.aborted) parts.onFault(fault);
    }
  }

  async function hear(page: readonly StoredEvent[]): Promise<readonly HeardEvent[]> {
    await board.projections.waitFor(page.at(-1)?.position ?? 0);
    return page.map((event) => heardOf(event, board.projections));
  }

  function keep(heard: HeardEvent): void {
    kept.push(heard);
    keptChars += heard.text.length;
    if (kept.length <= 2 * keptMax && keptChars <= 2 * keptCharsMax) return;
    // By halves, so that the list is seldom moved.
    const gone = kept.splice(0, Math.ceil(kept.length / 2));
    keptAfter = gone.at(-1)?.position ?? keptAfter;
    keptChars = kept.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** A task may have been forgotten: what was said of it must not be said again. */
  function dropKept(): void {
    keptAfter = headSeen();
    kept.length = 0;
    keptChars = 0;
  }

  function wakeAll(): void {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  async function after(position: Position, signal: AbortSignal): Promise<Batch | undefined> {
    following ??= begin().catch(forget);
    const mine = following;
    await mine;
    for (;;) {
      if (signal.aborted || following !== mine) return undefined;
      const older = position < keptAfter ? await read(position) : [];
      const events = older.length > 0 ? older : newer(position);
      const last = events.at(-1)?.position;
      if (last !== undefined) return { events, last, head: Math.max(last, headSeen()) };
      await woken(signal);
    }
  }

  /** As far as the log has been followed. */
  function headSeen(): Position {
    return kept.at(-1)?.position ?? keptAfter;
  }

  async function read(position: Position): Promise<readonly HeardEvent[]> {
    const wanted = { after: position, limit: batchMax, charsMax: batchCharsMax };
    return hear(await board.log.readAll(wanted));
  }

  function newer(position: Position): readonly HeardEvent[] {
    const index = kept.findLastIndex((heard) => heard.position <= position);
    return kept.slice(index + 1, index + 1 + batchMax);
  }

  function woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
      waiting.push(wake);
    });
  }

  return { after };
}

/** What it is about is looked up in the tables of that moment: they may be made anew any time. */
function heardOf(event: StoredEvent, tables: { readonly queries: Queries }): HeardEvent {
  let subject: Subject | undefined;
  return {
    position: event.position,
    type: event.type,
    text: frame({ id: event.position, data: recordedJson(event, codec) }),
    subject: () => {
      subject ??= subjectOf(event, tables.queries);
      return subject;
    },
  };
}
