/** A directory that lasts as long as one test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Creates an empty directory for its owner alone; it goes away with the test. */
export function tempDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'logboard-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
