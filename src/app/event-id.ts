/**
 * Ids of events: UUIDv5 of stream, command id and index. A repeated append makes them again.
 *
 * Laid out here and not by the uuid package, which takes a twelfth of a whole cycle for it: it
 * turns every name into a URI first, and looks up every byte.
 */
import { hash } from 'node:crypto';
import { utf8BytesPerUnitMax } from '../log/check.ts';

const namespace = Buffer.from('5ad91e1f4f4e5f1c9d3d2f8b1d0c7a60', 'hex');

/** The id of the n-th event that a command appends to a stream. */
export function eventId(stream: string, commandId: string, index: number): string {
  return asUuidV5(hash('sha1', named(`${stream}\n${commandId}\n${index}`), 'hex'));
}

let bytes = Buffer.alloc(1024);
namespace.copy(bytes);

/** The namespace and the name behind it, in a buffer that is good until the next name. */
function named(name: string): Buffer {
  const bytesMax = namespace.length + utf8BytesPerUnitMax * name.length;
  if (bytes.length < bytesMax) bytes = Buffer.concat([namespace], 2 * bytesMax);
  return bytes.subarray(0, namespace.length + bytes.write(name, namespace.length));
}

/** The first 128 bits of a digest with the version and the variant in them (RFC 9562, 5.5). */
function asUuidV5(hex: string): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const third = `5${hex.slice(13, 16)}`;
  const fourth = `${variant}${hex.slice(17, 20)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${third}-${fourth}-${hex.slice(20, 32)}`;
}
