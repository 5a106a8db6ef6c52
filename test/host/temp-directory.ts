/** A directory that lasts as long as one test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Creates an empty directory; it goes away with everything in it when the test is over. */
export function tempDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'logboard-host-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
