/** Reads a run's output: its end, or all that comes. See `run-log-cap.ts` for how it is kept. */
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { Timers } from '../log/ports.ts';
import { pause } from './clock.ts';
import { errnoOf } from './host-error.ts';
import type { RunLogFiles } from './run-log-cap.ts';

/** The end of a run's output. */
export interface LogTail {
  readonly text: string;
  /** True when there is more before it, or was before it was rotated away. */
  readonly cut: boolean;
  /** Where it ends in the newest file, in bytes: whoever follows goes on there. */
  readonly end: number;
}

/** A piece of output as it comes. */
export interface LogPiece {
  readonly text: string;
  /** True when output before this piece was rotated away unread. */
  readonly afterGap: boolean;
}

const chunkBytes = 64 * 1024;

/**
 * The newest output: at most `bytesMax` bytes and, when given, `linesMax` lines. It begins at the
 * beginning of a line unless one line alone is longer. A run without output has an empty tail.
 */
export async function readLogTail(
  files: RunLogFiles,
  limits: { bytesMax: number; linesMax?: number },
): Promise<LogTail> {
  const newest = await readEnd(files.log, limits.bytesMax);
  const older = await readEnd(files.olderLog, limits.bytesMax - newest.bytes.length);
  const bytes = Buffer.concat([older.bytes, newest.bytes]);
  // The older file itself begins somewhere in the middle.
  const cut = older.size > 0 || newest.size > newest.bytes.length;
  const whole = cut ? withoutPartialLine(bytes) : bytes.toString('utf8');
  const text = lastLines(whole, limits.linesMax ?? Infinity);
  return { text, cut: cut || text.length < whole.length, end: newest.size };
}

/**
 * Output from a place in the newest file on (default: its beginning), then what is appended,
 * looking every `everyMs`, until the signal is aborted.
 */
export async function* followRunLog(
  files: RunLogFiles,
  options: { timers: Timers; signal: AbortSignal; everyMs: number; from?: number },
): AsyncGenerator<LogPiece, void, undefined> {
  const { timers, signal, everyMs } = options;
  let decoder = new StringDecoder('utf8');
  let position = options.from ?? 0;
  while (!signal.aborted) {
    const rotated = (await sizeOf(files.log)) < position;
    if (rotated) {
      decoder = new StringDecoder('utf8');
      position = 0;
    }
    const bytes = await readAt(files.log, position, chunkBytes);
    position += bytes.length;
    const text = decoder.write(bytes);
    if (text !== '' || rotated) {
      yield { text, afterGap: rotated };
    }
    if (bytes.length < chunkBytes) {
      await pause(timers, everyMs, { signal });
    }
  }
}

async function readEnd(path: string, bytesMax: number): Promise<{ bytes: Buffer; size: number }> {
  const size = await sizeOf(path);
  const start = Math.max(0, size - bytesMax);
  return { bytes: await readAt(path, start, size - start), size };
}

async function sizeOf(path: string): Promise<number> {
  return withFile(path, 0, async (file) => (await file.stat()).size);
}

/** The bytes of a file from a place on; fewer where it ends, none where it is not there. */
export async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  return withFile(path, Buffer.alloc(0), async (file) => {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, position);
    return buffer.subarray(0, bytesRead);
  });
}

/** A file that is not there yet is an empty one. */
async function withFile<T>(
  path: string,
  absent: T,
  use: (file: FileHandle) => Promise<T>,
): Promise<T> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return absent;
    }
    throw error;
  }
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** Whole lines only; of a single endless line, whole characters. */
function withoutPartialLine(bytes: Buffer): string {
  const lineEnd = bytes.indexOf('\n');
  if (lineEnd !== -1 && lineEnd < bytes.length - 1) {
    return bytes.toString('utf8', lineEnd + 1);
  }
  const isContinuation = (byte: number) => (byte & 0xc0) === 0x80;
  return bytes.toString(
    'utf8',
    Math.max(
      0,
      bytes.findIndex((byte) => !isContinuation(byte)),
    ),
  );
}

function lastLines(text: string, linesMax: number): string {
  const lines = text.split(/(?<=\n)/);
  return lines.length <= linesMax ? text : lines.slice(-linesMax).join('');
}
