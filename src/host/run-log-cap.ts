/**
 * Keeps a run's output below its cap while the worker writes.
 *
 * The worker appends to the file by itself, so that no reader can make it wait and no restart of
 * the dispatcher can lose output. The price: the file cannot be exchanged under the worker. When it
 * is too long its newest part is copied aside and it is cut to nothing; what the worker prints in
 * that instant is lost. A worker that floods exceeds the cap until the next look.
 */
import { constants, lstatSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import type { Clock, Timers } from '../log/ports.ts';
import { pause } from './clock.ts';
import type { RunDirectory } from './run-directory.ts';

/** The two files that hold a run's output. */
export type RunLogFiles = Pick<RunDirectory, 'log' | 'olderLog'>;

/** What the watch on one log needs. */
export interface RunLogCapDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  /** What both files may hold together. */
  readonly bytesMax: number;
  /** Told of trouble with the files, of one and the same once until it has passed. */
  readonly onError: (error: unknown) => void;
}

/** Shortest and longest time between two looks at a log, in ms. */
const lookEveryMs = { min: 20, max: 500 };

const chunkBytes = 256 * 1024;

/**
 * Watches a log, the more closely the faster it grows, and rotates it at half of the cap. Call the
 * function it returns when the run has ended: it has one last look, then the watch is over.
 */
export function capRunLog(files: RunLogFiles, deps: RunLogCapDeps): () => Promise<void> {
  const ended = new AbortController();
  const watching = watch(files, deps, ended.signal);
  return () => {
    ended.abort();
    return watching;
  };
}

/** Rotates the log when it is longer than `bytesMax`. Answers how long it was. */
export async function rotateRunLog(files: RunLogFiles, bytesMax: number): Promise<number> {
  // The log itself, not what a link in its place leads to. Asking is cheaper than to wait for it.
  const size = lstatSync(files.log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > bytesMax) {
    await rotate(files, bytesMax);
  }
  return size;
}

async function rotate(files: RunLogFiles, bytesMax: number): Promise<void> {
  const log = await open(files.log, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const { size } = await log.stat();
    await copyAside(log, { start: Math.max(0, size - bytesMax), end: size + chunkBytes }, files);
    await log.truncate(0);
  } finally {
    await log.close();
  }
}

async function watch(files: RunLogFiles, deps: RunLogCapDeps, signal: AbortSignal): Promise<void> {
  const { clock, timers, onError } = deps;
  const bytesMax = Math.floor(deps.bytesMax / 2);
  let before: Look = { size: 0, atMs: clock.monoMs() };
  let waitMs = lookEveryMs.min;
  let told: string | undefined;
  let last = false;
  while (!last) {
    await pause(timers, waitMs, { signal, hold: 'background' });
    last = signal.aborted;
    try {
      const now: Look = { size: await rotateRunLog(files, bytesMax), atMs: clock.monoMs() };
      waitMs = nextLookMs(before, now, bytesMax);
      before = { size: now.size > bytesMax ? 0 : now.size, atMs: now.atMs };
      told = undefined;
    } catch (error) {
      // A full disk lasts: a log that was growing fast would else be tried fifty times a second.
      waitMs = lookEveryMs.max;
      if (String(error) !== told) onError(error);
      told = String(error);
    }
  }
}

interface Look {
  readonly size: number;
  readonly atMs: number;
}

/** When the log will be full if it goes on growing as it did. */
function nextLookMs(before: Look, now: Look, bytesMax: number): number {
  const bytesPerMs = (now.size - before.size) / Math.max(1, now.atMs - before.atMs);
  const untilFullMs = bytesPerMs > 0 ? (bytesMax - now.size) / bytesPerMs : Infinity;
  return Math.min(lookEveryMs.max, Math.max(lookEveryMs.min, untilFullMs));
}

/** The end is a chunk beyond what was there: a log that grows slowly loses nothing this way. */
async function copyAside(
  log: FileHandle,
  { start, end }: { start: number; end: number },
  files: RunLogFiles,
): Promise<void> {
  const draft = `${files.olderLog}.draft`;
  const copy = await open(draft, 'w', 0o600);
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let position = start;
    while (position < end) {
      const length = Math.min(chunkBytes, end - position);
      const { bytesRead } = await log.read(buffer, 0, length, position);
      if (bytesRead === 0) {
        break;
      }
      await copy.appendFile(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
  } finally {
    await copy.close();
  }
  await rename(draft, files.olderLog);
}
