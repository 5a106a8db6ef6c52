/**
 * Whether an event of an incident file is the one the log had: its hash must be that of its bytes,
 * and follow from the event before where that is in the file, too. A redacted event cannot be
 * proven without its original, whose digests it carries.
 */

import type { StoredEvent } from '../event-log.ts';
import { createEventHasher, hashBeforeFirst } from '../sqlite/hash-chain.ts';
import type { IncidentEvent } from './format.ts';

/** Asked about the events of a file in turn, answers what is wrong as half a sentence. */
export function createProof(): (event: IncidentEvent) => string | undefined {
  const isHashOf = createHashCheck();
  let before: IncidentEvent | undefined;

  return (event) => {
    const follows = before?.position === event.position - 1;
    const expected = follows ? before?.hash : undefined;
    before = event;
    if (expected !== undefined && event.prevHash !== undefined && event.prevHash !== expected) {
      return 'it does not follow the event before it in the chain';
    }
    if (event.redacted !== undefined || event.unproven || isHashOf(event)) return undefined;
    return 'its hash is not that of what it says';
  };
}

/** Whether an event's hash is that of its bytes, after the hash before it. */
export function createHashCheck(): (
  event: StoredEvent & Pick<IncidentEvent, 'hash' | 'prevHash'>,
) => boolean {
  const hashEvent = createEventHasher();
  return (event) => {
    if (event.prevHash === undefined || !/^[0-9a-f]{64}$/.test(event.hash)) return false;
    const previous = event.position === 1 ? hashBeforeFirst : Buffer.from(event.prevHash, 'hex');
    return (
      previous.length === 32 && hashEvent(previous, event, event).toString('hex') === event.hash
    );
  };
}
