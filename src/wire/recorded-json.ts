/** An event as folds take it: decoded, at the current schema version. The names are permanent. */
import type { Recorded } from '../domain/catalogue.ts';
import type { Codec } from '../log/codec.ts';
import type { StoredEvent } from '../log/event-log.ts';

/** An event with its place, its envelope and when it was recorded (wall clock, UTC ms). */
export type RecordedJson = Recorded & { readonly recordedAtMs: number };

/** Decodes a stored event. Throws `UnreadableEvent`. */
export function recordedJson(stored: StoredEvent, codec: Codec): RecordedJson {
  const { position, stream, version, id, type, data, meta } = codec.decode(stored);
  const { recordedAtMs } = stored;
  return { position, stream, version, id, type, data, meta, recordedAtMs } as RecordedJson;
}
