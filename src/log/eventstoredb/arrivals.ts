/** Who waits for which event to arrive, and whose append stored what has arrived. */
import type { Position, Version } from '../event-log.ts';

/** An event that has arrived. */
export interface Arrival {
  readonly stream: string;
  readonly version: Version;
  readonly position: Position;
  /** The mark of the append that stored it. */
  readonly by: string;
  /** Wall clock of the server, UTC ms. */
  readonly recordedAtMs: number;
}

/** What an append of this process has stored, as far as it has arrived. */
export interface Mark {
  /**
   * When the server stored something of this append in a stream, UTC ms by its clock; undefined
   * when another append did.
   */
  storedAtMs(stream: string): number | undefined;
  /** Forgets the append. */
  done(): void;
}

/** The waiting and the marks. */
export interface Arrivals {
  arrived(arrival: Arrival): void;
  /** Resolves with the position once the version of the stream has arrived. */
  of(stream: string, version: Version): Promise<Position>;
  /** Follows what an append stores; to be called before it is sent. */
  mark(by: string): Mark;
  /** Rejects whoever waits, now and later. */
  close(reason: unknown): void;
}

interface Waiter {
  readonly version: Version;
  resolve(position: Position): void;
  reject(reason: unknown): void;
}

/** Nobody waits, nothing is marked. */
export function createArrivals(): Arrivals {
  const waiters = new Map<string, readonly Waiter[]>();
  const marks = new Map<string, Map<string, number>>();
  let closed: { readonly reason: unknown } | undefined;

  return {
    arrived({ stream, version, position, by, recordedAtMs }) {
      marks.get(by)?.set(stream, recordedAtMs);
      const found = waiters.get(stream);
      if (found === undefined) return;
      const rest = found.filter((waiter) => waiter.version !== version);
      if (rest.length > 0) waiters.set(stream, rest);
      else waiters.delete(stream);
      for (const waiter of found) if (waiter.version === version) waiter.resolve(position);
    },
    of(stream, version) {
      if (closed !== undefined) return Promise.reject(closed.reason);
      return new Promise((resolve, reject) => {
        waiters.set(stream, [...(waiters.get(stream) ?? []), { version, resolve, reject }]);
      });
    },
    mark(by) {
      const stored = new Map<string, number>();
      marks.set(by, stored);
      return { storedAtMs: (stream) => stored.get(stream), done: () => void marks.delete(by) };
    },
    close(reason) {
      closed = { reason };
      for (const waiter of [...waiters.values()].flat()) waiter.reject(reason);
      waiters.clear();
    },
  };
}
