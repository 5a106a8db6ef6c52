/** The lines of a file with their places, a piece of it in memory at a time. */
import { readSync } from 'node:fs';
import { IncidentDamaged } from './faults.ts';
import { incidentLineBytesMax } from './format.ts';

/** A line with its line end, unless the file ends before it. */
export interface PlacedLine {
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** Of its first byte, from 0. */
  readonly offset: number;
}

const chunkBytes = 256 * 1024;
const lineEnd = 0x0a;

/** Reads an open file from its beginning. Throws `IncidentDamaged` at a line without an end. */
export function* linesOf(file: number): Generator<PlacedLine, void, undefined> {
  let offset = 0;
  let number = 1;
  for (let rest: Buffer = Buffer.alloc(0); ; ) {
    const end = rest.indexOf(lineEnd);
    if (end >= 0) {
      yield { bytes: rest.subarray(0, end + 1), number, offset };
      rest = rest.subarray(end + 1);
      offset += end + 1;
      number += 1;
      continue;
    }
    if (rest.length > incidentLineBytesMax) {
      throw new IncidentDamaged('the line is longer than any can be', { line: number, offset });
    }
    const chunk = readAt(file, offset + rest.length, Math.max(chunkBytes, rest.length));
    if (chunk.length === 0) {
      if (rest.length > 0) yield { bytes: rest, number, offset };
      return;
    }
    rest = Buffer.concat([rest, chunk]);
  }
}

/** Bytes of an open file; fewer where it ends. */
export function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
}
