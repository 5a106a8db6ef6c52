/**
 * Following the log: catch up, then live, and never an end in silence.
 *
 * Hints make it fast, reading from the cursor makes it right: a page is read after every hint and,
 * should no hint arrive, every `reconcileMs`. A read that fails is reported and tried again, later
 * and later. One who follows ends when told to, or loudly, when the log itself is closed. A
 * watchdog reports a cursor that stands still behind the head, whatever the reason.
 */
import { Observable } from 'rxjs';
import { createBell } from './bell.ts';
import { logClosedCode } from './closed.ts';
import {
  type EventLog,
  LogUnavailable,
  type Position,
  pageCharsMax,
  type StoredEvent,
} from './event-log.ts';
import type { Clock, Random, Timers } from './ports.ts';

/** How to follow. */
export interface FollowOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Begins after this position. Default 0: the whole log. */
  readonly after?: Position;
  /** Largest page, in events. Default 500. */
  readonly pageSize?: number;
  /** Ends the following without an error. */
  readonly signal?: AbortSignal;
  /** Longest time between two looks, in ms. Default 1,000. */
  readonly reconcileMs?: number;
  /**
   * How long the cursor may stand still behind the head before it is reported, in ms. Default
   * 10,000.
   */
  readonly lagMsMax?: number;
  onTrouble?(trouble: FollowTrouble): void;
}

/** What a follower reports while it goes on. */
export type FollowTrouble =
  | {
      readonly kind: 'read_failed';
      readonly error: unknown;
      /** Failures since the last read that worked. */
      readonly failures: number;
      readonly retryInMs: number;
    }
  | {
      readonly kind: 'lagging';
      /** The last position that was taken. */
      readonly cursor: Position;
      readonly head: Position;
      readonly stillForMs: number;
    };

const pageSizeDefault = 500;
const reconcileMsDefault = 1_000;
const lagMsMaxDefault = 10_000;
const backoffMsMin = 100;
/** Short, since this is how late news may be after an outage, however long that took. */
const backoffMsMax = 5_000;

/**
 * The pages of the log from `after` on, forever, for loops that take one page at a time. A page
 * counts as taken when the next one is asked for.
 */
export async function* followPages(
  log: EventLog,
  options: FollowOptions,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  const { timers, signal, pageSize: limit = pageSizeDefault } = options;
  const hint = createBell(timers);
  const end = createBell(timers);
  const endNow = () => {
    end.ring();
    hint.ring();
  };
  let cursor = options.after ?? 0;
  let failures = 0;
  const stopHints = log.onHint(hint.ring);
  const stopWatchdog = startWatchdog(log, () => cursor, options);
  signal?.addEventListener('abort', endNow);
  try {
    while (!signal?.aborted) {
      hint.hush();
      let page: readonly StoredEvent[];
      try {
        page = await log.readAll({ after: cursor, limit, charsMax: pageCharsMax });
        failures = 0;
      } catch (error) {
        failures += 1;
        await end.wait(reportFailure(error, failures, options));
        continue;
      }
      const last = page.at(-1);
      if (last === undefined) {
        await hint.wait(options.reconcileMs ?? reconcileMsDefault);
        continue;
      }
      yield page;
      cursor = last.position;
    }
  } finally {
    signal?.removeEventListener('abort', endNow);
    stopWatchdog();
    stopHints();
  }
}

/**
 * The same, event by event, for the edges where events meet the world. Unsubscribing ends it. There
 * is no back-pressure: what a slow subscriber does not take in time piles up with the subscriber.
 */
export function follow$(log: EventLog, options: FollowOptions): Observable<StoredEvent> {
  return new Observable((subscriber) => {
    const unsubscribed = new AbortController();
    const signals = [unsubscribed.signal, ...(options.signal ? [options.signal] : [])];
    const pages = followPages(log, { ...options, signal: AbortSignal.any(signals) });
    const pump = async () => {
      for await (const page of pages) {
        for (const event of page) {
          subscriber.next(event);
        }
      }
    };
    pump().then(
      () => subscriber.complete(),
      (error) => subscriber.error(error),
    );
    return () => unsubscribed.abort();
  });
}

/**
 * Reports a failed read and answers how long to wait before the next. Throws when there is none.
 */
function reportFailure(error: unknown, failures: number, options: FollowOptions): number {
  if (error instanceof LogUnavailable && error.code === logClosedCode) {
    throw error;
  }
  const fullMs = Math.min(backoffMsMax, backoffMsMin * 2 ** (failures - 1));
  const retryInMs = Math.round(fullMs * (0.5 + options.random() / 2));
  options.onTrouble?.({ kind: 'read_failed', error, failures, retryInMs });
  return retryInMs;
}

/** Looks at the head now and then; reports a cursor that stands still behind it. */
function startWatchdog(log: EventLog, cursor: () => Position, options: FollowOptions): () => void {
  const { clock, timers, lagMsMax = lagMsMaxDefault } = options;
  let seen = cursor();
  let movedAtMs = clock.monoMs();
  let cancel = () => {};
  let isStopped = false;

  async function look(): Promise<void> {
    const head = await readHead(log);
    const current = cursor();
    const stillForMs = clock.monoMs() - movedAtMs;
    if (head === undefined || current !== seen || head <= current) {
      seen = current;
      movedAtMs = clock.monoMs();
    } else if (stillForMs >= lagMsMax && !isStopped) {
      options.onTrouble?.({ kind: 'lagging', cursor: current, head, stillForMs });
    }
    lookLater();
  }

  function lookLater(): void {
    if (!isStopped) {
      cancel = timers.after(lagMsMax / 2, () => void look(), 'background');
    }
  }

  lookLater();
  return () => {
    isStopped = true;
    cancel();
  };
}

/**
 * A head that cannot be read is no news here: whoever follows has the same trouble and reports it.
 */
async function readHead(log: EventLog): Promise<Position | undefined> {
  try {
    return (await log.head()).position;
  } catch {
    return undefined;
  }
}
