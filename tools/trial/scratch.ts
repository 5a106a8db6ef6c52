/** Places for what is looked at once and thrown away. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives `work` an empty directory on disk with `name` in its own; it is removed afterwards. */
export function withDirectory<T>(
  name: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  return within(tmpdir(), name, work);
}

/** Gives `work` an empty directory, in memory where that can be had: there, syncs cost nothing. */
export function withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  return within(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'scratch', work);
}

async function within<T>(
  root: string,
  name: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(root, `logboard-${name}-`));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
