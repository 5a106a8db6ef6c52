/** The doctor's look at the place of a board: a safe one, with room in it. */
import { statfsSync } from 'node:fs';
import type { Finding } from '../cli/upkeep.ts';
import { logPlace } from '../log/sqlite/place.ts';
import * as fileSystem from '../sqlite/file-system.ts';
import { figure } from '../wire/counted.ts';
import { bad, ok, warn } from './finding.ts';

/** Free space below which a board is in danger, and in trouble, in bytes. */
const roomyBytes = 1024 ** 3;
const tightBytes = 64 * 1024 ** 2;

/** The directory, its file system, and who may write there. Throws `DatabaseRefused`. */
export function place(directory: string): Finding {
  fileSystem.refuseUnsafeFileSystem(directory, fileSystem.fileSystemType);
  fileSystem.refuseWritableByOthers(directory);
  fileSystem.refuseWritableByOthers(logPlace(directory).database);
  return ok('place', `${directory} (local, private)`);
}

/** The room that is left. */
export function disk(directory: string): Finding {
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  const found = `${figure(Math.round(free / 1024 ** 2))} MiB free`;
  const hint = 'Free some space: a full disk stops every write.';
  if (free < tightBytes) return bad('disk', found, hint);
  return free < roomyBytes ? warn('disk', found, hint) : ok('disk', found);
}
