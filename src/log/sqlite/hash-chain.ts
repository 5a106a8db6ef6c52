/**
 * The hash of an event: SHA-256 over the hash before it and over every stored byte of its own.
 *
 * The bytes, numbers big-endian and unsigned:
 *
 *     32  hash of the event before, zeros for the first
 *      8  position
 *      8  version
 *      8  schema version
 *      8  recorded at, UTC ms
 *     then stream, id, type, data and meta, each as
 *      4  its length in bytes
 *      n  its UTF-8
 *
 * Fixed lengths first and a length before every text: two different events never make the same
 * bytes.
 */
import { hash } from 'node:crypto';
import { utf8BytesPerUnitMax } from '../check.ts';
import type { NewEvent, Position, Version } from '../event-log.ts';

/** Where an event stands. A `StoredEvent` is both a place and an event. */
export interface Place {
  readonly position: Position;
  readonly stream: string;
  readonly version: Version;
  readonly recordedAtMs: number;
}

/** Computes the hash of an event that follows one with hash `previous`. */
export type HashEvent = (previous: Uint8Array, place: Place, event: NewEvent) => Buffer;

/** The same in lower-case hex, which costs a third of a buffer. */
export type HashEventInHex = (previous: string, place: Place, event: NewEvent) => string;

/** What the first event's predecessor would have as its hash. */
export const hashBeforeFirst: Uint8Array = new Uint8Array(32);

/** The same in hex. */
export const hexBeforeFirst: string = '0'.repeat(64);

const hashBytes = 32;
const fixedBytes = hashBytes + 4 * 8;
const textsPerEvent = 5;
const lengthBytes = 4;

/** Makes a hasher, which keeps one buffer for all its work: an event costs no other allocation. */
export function createEventHasher(): HashEvent {
  const bytesOf = createLayout();
  return (previous, place, event) =>
    hash(
      'sha256',
      bytesOf((bytes) => bytes.set(previous, 0), place, event),
      'buffer',
    );
}

/** Makes a hasher that takes and gives hex. */
export function createHexHasher(): HashEventInHex {
  const bytesOf = createLayout();
  return (previous, place, event) =>
    hash(
      'sha256',
      bytesOf((bytes) => bytes.write(previous, 0, 'hex'), place, event),
      'hex',
    );
}

/** Lays out what is hashed, in a buffer that is good until the next event. */
function createLayout() {
  let bytes = Buffer.alloc(4096);
  let end = 0;

  function bytesOf(putPrevious: (bytes: Buffer) => void, place: Place, event: NewEvent): Buffer {
    reserve(bytesMax(place, event));
    putPrevious(bytes);
    end = hashBytes;
    addNumber(place.position);
    addNumber(place.version);
    addNumber(event.schemaVersion);
    addNumber(place.recordedAtMs);
    addText(place.stream);
    addText(event.id);
    addText(event.type);
    addText(event.data);
    addText(event.meta);
    return bytes.subarray(0, end);
  }

  function reserve(size: number): void {
    if (bytes.length < size) {
      bytes = Buffer.alloc(2 * size);
    }
  }

  /** Eight bytes: safe integers need more than the four that one write takes. */
  function addNumber(value: number): void {
    bytes.writeUInt32BE(Math.floor(value / 2 ** 32), end);
    bytes.writeUInt32BE(value % 2 ** 32, end + 4);
    end += 8;
  }

  function addText(text: string): void {
    const length = bytes.write(text, end + lengthBytes, 'utf8');
    bytes.writeUInt32BE(length, end);
    end += lengthBytes + length;
  }

  return bytesOf;
}

function bytesMax(place: Place, event: NewEvent): number {
  const units =
    place.stream.length +
    event.id.length +
    event.type.length +
    event.data.length +
    event.meta.length;
  return fixedBytes + textsPerEvent * lengthBytes + utf8BytesPerUnitMax * units;
}
