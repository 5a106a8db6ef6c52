/** Sealing between the port and the file: what goes down is sealed, what comes up is opened. */
import { attempt, untilFree } from '../../sqlite/attempt.ts';
import type { AppendResult, StoredEvent, StreamWrite } from '../event-log.ts';
import { isSealed } from '../sealing/envelope.ts';
import type { SealedLog } from '../sealing/sealer.ts';
import type { Opened } from './opened.ts';

/** Sealing for one open log. */
export interface Sealing {
  /** Appends the writes once the text in them is sealed. */
  append(
    writes: readonly StreamWrite[],
    store: (sealed: readonly StreamWrite[]) => Promise<AppendResult>,
  ): Promise<AppendResult>;
  /** The events with their text readable. */
  open(events: readonly StoredEvent[]): readonly StoredEvent[] | Promise<readonly StoredEvent[]>;
  /** Resolves once everything that is being sealed was handed on. */
  drain(): Promise<void>;
  close(): void;
}

/** How long a read of keys waits while somebody makes their store, ms. */
const keyWaitMsMax = 10_000;

/**
 * Sealing with the keys of `log`; without any, everything is passed on as it is. Trouble with keys
 * is none of the log: it goes to who asked, and condemns nothing.
 */
export function createSealing(
  { sealer, waiting }: Pick<Opened, 'sealer' | 'waiting'>,
  firstOf: SealedLog['firstOf'],
): Sealing {
  const patiently = <T>(read: () => T) => untilFree(() => attempt(read), waiting, keyWaitMsMax);
  const log: SealedLog = { firstOf, patiently };
  const underWay = new Set<Promise<unknown>>();

  return {
    append(writes, store) {
      if (sealer === undefined) return store(writes);
      const sealed = sealer.seal(writes, log);
      if (!(sealed instanceof Promise)) return store(sealed);
      underWay.add(sealed);
      const handOn = () => underWay.delete(sealed);
      sealed.then(handOn, handOn);
      return sealed.then(store);
    },
    open(events) {
      if (sealer === undefined || !events.some(isSealed)) return events;
      return patiently(() => sealer.open(events));
    },
    async drain() {
      await Promise.allSettled(underWay);
    },
    close: () => sealer?.close(),
  };
}
