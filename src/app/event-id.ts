/** Ids of events: UUIDv5 of stream, command id and index. A repeated append makes them again. */
import { parse, v5 } from 'uuid';

/** The namespace of event ids as bytes: read once, since every event of every command needs it. */
const namespace = parse('5ad91e1f-4f4e-5f1c-9d3d-2f8b1d0c7a60');

/** The id of the n-th event that a command appends to a stream. */
export function eventId(stream: string, commandId: string, index: number): string {
  return v5(`${stream}\n${commandId}\n${index}`, namespace);
}
