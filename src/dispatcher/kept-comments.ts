/**
 * The comments that tell which artifacts were kept of a run whose worker completed it by its own
 * word. Nothing else in the log names their contents, so whoever looks for these reads them here.
 */
import { commentBytesMax } from '../domain/limits.ts';
import type { Artifact } from './ports.ts';

/** What each of them begins with; it stands in logs for good. */
const title = 'Artifacts kept (sha256, bytes, name):';

/** As many comments as it takes to name all of them; none for none. */
export function keptComments(kept: readonly Artifact[]): readonly string[] {
  const bodies: string[] = [];
  let body = title;
  for (const { path, sha256, sizeBytes } of kept) {
    const line = `\n${sha256} ${sizeBytes} ${path}`;
    if (Buffer.byteLength(body + line) > commentBytesMax) {
      bodies.push(body);
      body = title;
    }
    body += line;
  }
  return body === title ? bodies : [...bodies, body];
}

/** The contents that such a comment names, by their SHA-256; of any other comment none. */
export function contentsToldIn(body: string): readonly string[] {
  if (!body.startsWith(title)) return [];
  return [...body.matchAll(/^([0-9a-f]{64}) \d+ /gm)].map(([, sha256 = '']) => sha256);
}
