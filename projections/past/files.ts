/**
 * The files of `history/`, all of which may be deleted at any time.
 *
 * A chapter begins with a keyframe, the tables at a position (the first one begins with nothing),
 * and goes on with steps: which rows stood otherwise a few thousand events later, again and again.
 * Names carry the hash of all shapes, so that no program reads what another one made, and a number,
 * so that no file ever takes the place of one that somebody has open.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Position } from '../../src/log/event-log.ts';
import { shapesHash } from '../file.ts';

/** Where a chapter begins; the first one has no keyframe. */
export interface ChapterStart {
  readonly position: Position;
  readonly keyframe: string | undefined;
}

/** The files of one directory. */
export interface HistoryFiles {
  /** The file whose lock belongs to whoever writes here. */
  readonly lock: string;
  /** The chapters that begin up to a position, the latest first; the last is the beginning. */
  starts(upTo: Position): readonly ChapterStart[];
  /** The steps of a chapter; undefined when there are none. */
  steps(start: Position): string | undefined;
  /** Creates an empty file for the steps of a chapter. */
  createSteps(start: Position): string;
  /** The name of a keyframe in the making. */
  building(): string;
  /** Gives a finished keyframe its name. */
  publish(path: string, position: Position): void;
  remove(path: string): void;
  /** Removes everything that this or another program has made. */
  removeAll(): void;
}

const sideFiles = ['', '-wal', '-shm', '-journal'];
const pattern = /^(keyframe|steps)-([0-9a-f]+)-(\d+)\.(\d+)\.db$/;

interface Named {
  readonly kind: 'keyframe' | 'steps';
  readonly start: Position;
  readonly number: number;
  readonly path: string;
}

/** The files of the history of the board in `board`; the directory is created if need be. */
export function createHistoryFiles(board: string): HistoryFiles {
  const directory = historyDirectory(board);
  const shapes = shapesHash();
  mkdirSync(directory, { recursive: true, mode: 0o700 });

  function named(kind: Named['kind']): readonly Named[] {
    return readdirSync(directory).flatMap((file) => {
      const [, found, hash, start, number] = pattern.exec(file) ?? [];
      if (found !== kind || hash !== shapes) return [];
      return [{ kind, start: Number(start), number: Number(number), path: join(directory, file) }];
    });
  }

  function starts(upTo: Position): readonly ChapterStart[] {
    const keyframes = named('keyframe')
      .filter(({ start }) => start <= upTo)
      .sort((a, b) => b.start - a.start || b.number - a.number)
      .map(({ start, path }) => ({ position: start, keyframe: path }));
    return [...keyframes, { position: 0, keyframe: undefined }];
  }

  function steps(start: Position): string | undefined {
    const [latest] = named('steps')
      .filter((each) => each.start === start)
      .sort((a, b) => b.number - a.number);
    return latest?.path;
  }

  /** A name that nothing has had for as long as anything else is there. */
  function fresh(kind: Named['kind'], start: Position): string {
    const numbers = [...named('keyframe'), ...named('steps')].map(({ number }) => number);
    return join(directory, `${kind}-${shapes}-${start}.${Math.max(0, ...numbers) + 1}.db`);
  }

  function createSteps(start: Position): string {
    const path = fresh('steps', start);
    closeSync(openSync(path, 'wx', 0o600));
    return path;
  }

  function building(): string {
    const path = join(directory, 'building.db');
    remove(path);
    closeSync(openSync(path, 'wx', 0o600));
    return path;
  }

  function publish(path: string, position: Position): void {
    renameSync(path, fresh('keyframe', position));
  }

  function removeAll(): void {
    // The lock stays: it is held by whoever asks for this.
    const files = readdirSync(directory).filter((file) => !file.startsWith(basename(lock)));
    for (const file of files) rmSync(join(directory, file), { force: true, recursive: true });
  }

  const lock = join(directory, 'lock');
  return { lock, starts, steps, createSteps, building, publish, remove, removeAll };
}

/** Removes what was kept of the past of a board: all of it is made anew when it is asked for. */
export function forgetHistory(board: string): void {
  if (existsSync(historyDirectory(board))) createHistoryFiles(board).removeAll();
}

function historyDirectory(board: string): string {
  return join(board, 'history');
}

function remove(path: string): void {
  for (const suffix of sideFiles) rmSync(`${path}${suffix}`, { force: true });
}
