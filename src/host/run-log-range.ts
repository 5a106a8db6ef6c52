/** Reads a piece of a run's output by its place, so that a reader can go through all of it. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from './host-error.ts';
import type { RunLogFiles } from './run-log-cap.ts';

/** A piece of output. */
export interface LogRange {
  readonly text: string;
  /** Where it begins and where the next one does, in bytes of what is kept. */
  readonly from: number;
  readonly next: number;
  /** How much is kept by now: the older file and the newest. */
  readonly size: number;
}

/** Whole characters of what is kept, from a place on; a run without output has an empty piece. */
export async function readLogRange(
  files: RunLogFiles,
  { from, bytesMax }: { from: number; bytesMax: number },
): Promise<LogRange> {
  const older = await readPart(files.olderLog, from, bytesMax);
  const rest = bytesMax - older.bytes.length;
  const newest = await readPart(files.log, Math.max(0, from - older.size), rest);
  const size = older.size + newest.size;
  const bytes = Buffer.concat([older.bytes, newest.bytes]);
  const whole = bytes.subarray(0, bytes.length - cutCharacterBytes(bytes));
  const start = Math.min(from, size);
  return { text: whole.toString('utf8'), from: start, next: start + whole.length, size };
}

/** Bytes at the end that begin a character whose rest is not there. */
function cutCharacterBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

async function readPart(path: string, from: number, bytesMax: number) {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { bytes: Buffer.alloc(0), size: 0 };
    throw error;
  }
  try {
    const { size } = await file.stat();
    const length = Math.max(0, Math.min(bytesMax, size - from));
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
    return { bytes: buffer.subarray(0, bytesRead), size };
  } finally {
    await file.close();
  }
}
