/** The columns of a stored event, and the event of a row. */
import type { Position, StoredEvent, Version } from '../event-log.ts';

/** The columns of a stored event, under the names of the port: a row is an event as it is. */
export const eventColumns = `
  position, stream, version, id, type, schema_version AS schemaVersion, data, meta,
  recorded_at AS recordedAtMs`;

/** The columns, in order. A list takes SQLite's binding half as long as an object does. */
export type EventRow = [
  position: Position,
  stream: string,
  version: Version,
  id: string,
  type: string,
  schemaVersion: number,
  data: string,
  meta: string,
  recordedAtMs: number,
];

/** The event of a row; further columns are left out. */
export function asEvent(row: Readonly<EventRow>): StoredEvent {
  const [position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs] = row;
  return { position, stream, version, id, type, schemaVersion, data, meta, recordedAtMs };
}
