/** A place for logs that are looked at once and thrown away. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives `work` an empty directory, in memory where that can be had: there, syncs cost nothing. */
export async function withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(root, 'logboard-scratch-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
