/** An event of the log as programs see it. These names are permanent: a new need is a new field. */
import type { StoredEvent } from '../log/event-log.ts';
import { isoTime } from './iso-time.ts';

/** An event with its payload and its envelope as JSON, not as text inside JSON. */
export function eventJson(event: StoredEvent) {
  return {
    position: event.position,
    stream: event.stream,
    version: event.version,
    type: event.type,
    schemaVersion: event.schemaVersion,
    id: event.id,
    recordedAt: isoTime(event.recordedAtMs),
    data: JSON.parse(event.data) as unknown,
    meta: JSON.parse(event.meta) as unknown,
  };
}
