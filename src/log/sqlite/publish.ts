/** How finished files appear: durable, at once, whole, and never over another one. */
import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../../sqlite/file-system.ts';
import { LogUnavailable } from '../event-log.ts';

/** Makes a finished file durable, then visible. */
export async function publish(partial: string, path: string): Promise<void> {
  const descriptor = openSync(partial, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  await rename(partial, path);
  syncDirectory(dirname(path));
}

/** Removes a database that is not to be, and what SQLite put beside it. */
export async function removeWithSideFiles(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
}

/** Throws `LogUnavailable` when there is a file at `path`. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) {
    throw new LogUnavailable(`There is a file at ${path} already`, {
      code: 'file_exists',
      hint: 'Choose another place: nothing is ever overwritten.',
      retryable: false,
    });
  }
}
