/** The story of a board while it happens: every event once, and ways to wait for one. */

import type { Root } from '../../src/cli/root.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';

/** Whether an event is the one somebody waits for. */
export type Wanted = (event: Recorded) => boolean;

/** A board being watched. */
export interface Watch {
  /** Resolves with the first such event, past ones included; rejects when the watch ends first. */
  until(wanted: Wanted): Promise<Recorded>;
  /** All events so far. */
  readonly events: readonly Recorded[];
}

/** Follows a log from its beginning until the signal; `tell` hears every event. */
export function watchBoard(
  source: { root: Root; log: EventLog; signal: AbortSignal },
  tell: (event: Recorded) => void,
): Watch {
  const { root, log, signal } = source;
  const events: Recorded[] = [];
  const waiting = new Set<{
    wanted: Wanted;
    resolve(event: Recorded): void;
    reject(e: Error): void;
  }>();

  async function follow(): Promise<void> {
    for await (const page of root.follow(log, { after: 0, signal, onTrouble: () => {} })) {
      for (const stored of page) hear(codec.decode(stored));
    }
    for (const each of waiting) each.reject(new Error('The demo ended before it happened.'));
  }

  function hear(event: Recorded): void {
    events.push(event);
    tell(event);
    for (const each of waiting) {
      if (!each.wanted(event)) continue;
      waiting.delete(each);
      each.resolve(event);
    }
  }

  void follow();
  return {
    events,
    until: (wanted) => {
      const past = events.find(wanted);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => waiting.add({ wanted, resolve, reject }));
    },
  };
}
