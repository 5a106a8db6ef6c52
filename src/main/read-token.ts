/** Tokens in files, for those who show them at a door. */
import { readFileSync, statSync } from 'node:fs';
import { HostError } from '../host/host-error.ts';

/** The token in a file. Throws `key_not_private` where others can read it: it is nobody's then. */
export function readToken(file: string): string {
  const readableByOthers = 0o077;
  if (statSync(file).mode & readableByOthers) {
    throw new HostError('key_not_private', `${file} can be read or changed by others.`, {
      hint: `run: chmod 600 ${file}`,
    });
  }
  return readFileSync(file, 'utf8').trim();
}
