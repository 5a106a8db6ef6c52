/**
 * Where a database may live: in a private directory on a file system with working locks.
 *
 * Files of a database are created and looked at here, never opened once SQLite has them: closing
 * any descriptor of a file drops all locks this process holds on it, silently.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmdirSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseRefused } from './faults.ts';

/** The file system's magic number for the place at `path`, as statfs(2) tells it. */
export type FileSystemType = (path: string) => number;

/**
 * File systems on which the write-ahead log is not safe: its index is memory shared between
 * processes, and these share none, or lock badly. Numbers from statfs(2) and linux/magic.h.
 */
const unsafeFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB 2'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x0bd00bd0, 'Lustre'],
  [0x786f4256, 'VirtualBox shared folder'],
]);

const writableByOthers = 0o022;

/** The file system's type on this machine. */
export const fileSystemType: FileSystemType = (path) => statfsSync(path).type;

/**
 * Creates `directory` for its owner alone (0700), and its parents, and makes their entries durable.
 * One that is there already stays as it is. Answers the outermost one that was not there; undefined
 * when all were.
 */
export function ensureDirectory(directory: string): string | undefined {
  const created = resolve(directory);
  const firstCreated = mkdirSync(created, { recursive: true, mode: 0o700 });
  if (firstCreated === undefined) {
    return undefined;
  }
  for (let path = created; path.length >= firstCreated.length; path = dirname(path)) {
    syncDirectory(dirname(path));
  }
  return firstCreated;
}

/** Takes back what `ensureDirectory` made, up to the first that somebody uses by now. */
export function removeCreated(directory: string, firstCreated: string | undefined): void {
  if (firstCreated === undefined) return;
  try {
    for (let path = resolve(directory); path.length >= firstCreated.length; path = dirname(path)) {
      rmdirSync(path);
    }
  } catch {
    // What is not empty is not ours alone any more.
  }
}

/** Makes the entries of a directory survive a power cut. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Creates an empty file for its owner alone (0600) unless it is there. SQLite's side files copy it.
 */
export function ensureFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
}

/** Throws `DatabaseRefused` when anybody but its owner can write to the file or directory. */
export function refuseWritableByOthers(path: string): void {
  const { mode } = statSync(path);
  if ((mode & writableByOthers) !== 0) {
    throw new DatabaseRefused(
      `${path} is writable by other users (mode ${(mode & 0o777).toString(8)})`,
      {
        code: 'unsafe_permissions',
        hint: `Take the right away: chmod go-w ${path}`,
      },
    );
  }
}

/** Throws `DatabaseRefused` when `directory` is on a file system that is known to be unsafe. */
export function refuseUnsafeFileSystem(directory: string, typeOf: FileSystemType): void {
  // Some systems report the number as a signed 32-bit one.
  const name = unsafeFileSystems.get(typeOf(directory) >>> 0);
  if (name !== undefined) {
    throw new DatabaseRefused(`${directory} is on a file system of type ${name}`, {
      code: 'network_file_system',
      hint: 'Put the board on a local disk. Machines share a board through EventStoreDB.',
    });
  }
}
