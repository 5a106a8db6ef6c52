/** Where the built page may be: beside the built program, or in `dist/` beside its sources. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const candidates = ['../../web', '../../dist/web'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The directory of the built page; where there is none, the one where it is missing. */
export function pageDirectory(): string {
  return candidates.find((path) => existsSync(path)) ?? candidates[0]!;
}
