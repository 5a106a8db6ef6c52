/**
 * Where the tables are kept: `projections-<hash>.db` is a link to `projections-<hash>.<n>.db`.
 *
 * The hash is over the shapes and versions of all projections, so that no program reads the tables
 * of another. A rebuild makes a new file and then moves the link, in one step; a file that SQLite
 * has open is never replaced, since its side files go by its name. Whoever still has the old file
 * open goes on with it until it sees that it is retired.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from '../src/sqlite/file-system.ts';
import { checkpointShape } from './checkpoint/checkpoint.ts';
import { projections } from './index.ts';

/** How long tables of another version stay that nobody keeps up any more, in ms: a day. */
const keptIdleMs = 86_400_000;

/** The files of one directory. */
export interface TableFiles {
  /** The file whose lock a builder holds. */
  readonly lock: string;
  /** The file the link points to; undefined when there is none. */
  current(): string | undefined;
  /** Creates an empty file of a new name. */
  create(): string;
  /** Makes a finished file the current one. */
  publish(path: string): void;
  /** Removes a file with its side files. */
  remove(path: string): void;
  /** All files of tables but the current one: of older builds, versions and crashes. */
  others(): readonly string[];
  /** Whether a file is of this version of the program, going by its name. */
  isOfThisVersion(path: string): boolean;
  /**
   * Whether nobody has written to a file for a day, going by the current one, which is taken to be
   * new: a program of another version may serve beside this one, and go back and forth with it.
   */
  isIdle(path: string): boolean;
}

const sideFiles = ['', '-wal', '-shm'];
const filePattern = /^projections-[0-9a-f]+(?:\.(\d+))?\.db$/;

/** The files in `directory`, which is created if need be. */
export function createTableFiles(directory: string): TableFiles {
  const name = `projections-${shapesHash()}`;
  const link = join(directory, `${name}.db`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });

  function current(): string | undefined {
    const target = readLink(link);
    if (target === undefined) return undefined;
    const path = join(directory, target);
    return existsSync(path) ? path : undefined;
  }

  function create(): string {
    for (let n = lastNumber() + 1; ; n += 1) {
      const path = join(directory, `${name}.${n}.db`);
      if (createExclusively(path)) return path;
    }
  }

  /** Numbers only grow, so that no file meets the side files of an older one. */
  function lastNumber(): number {
    const numbers = readdirSync(directory).map((file) => Number(filePattern.exec(file)?.[1] ?? 0));
    return Math.max(0, ...numbers);
  }

  function publish(path: string): void {
    const newLink = `${path}.link`;
    rmSync(newLink, { force: true });
    symlinkSync(basename(path), newLink);
    renameSync(newLink, link);
    syncDirectory(directory);
  }

  function remove(path: string): void {
    for (const suffix of sideFiles) rmSync(`${path}${suffix}`, { force: true });
  }

  function others(): readonly string[] {
    const kept = [link, current()];
    const paths = readdirSync(directory)
      .filter((file) => filePattern.test(file))
      .map((file) => join(directory, file));
    return paths.filter((path) => !kept.includes(path));
  }

  function isOfThisVersion(path: string): boolean {
    return basename(path).startsWith(`${name}.`);
  }

  function isIdle(path: string): boolean {
    return lastWriteMs(path) < lastWriteMs(link) - keptIdleMs;
  }

  const lock = join(directory, 'projections.lock');
  return { lock, current, create, publish, remove, others, isOfThisVersion, isIdle };
}

/** A short name for what all shapes and versions are together. */
export function shapesHash(): string {
  const parts = projections.map(({ table, version, shape }) => [table, version, shape]);
  const text = JSON.stringify([checkpointShape, ...parts]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** When a database, or the one a link points to, was last written to, UTC ms; 0 if it is gone. */
function lastWriteMs(path: string): number {
  const target = readLink(path);
  const database = target === undefined ? path : join(dirname(path), target);
  const files = [database, `${database}-wal`];
  return Math.max(...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

function readLink(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** False when the name is taken. */
function createExclusively(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
