/** Where Logboard keeps what belongs to this user on this host: its id, its slots, its boards. */
import { mkdirSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { HostError } from './host-error.ts';

/**
 * The directory's place: `LOGBOARD_HOME`, else `$XDG_DATA_HOME/logboard` (ignored when relative, as
 * its specification asks), else `~/.local/share/logboard`. Nothing is created.
 */
export function logboardHome(
  environment: Readonly<Record<string, string | undefined>>,
  userHome: string,
): string {
  const chosen = environment['LOGBOARD_HOME'];
  if (chosen) {
    return resolve(chosen);
  }
  const dataHome = environment['XDG_DATA_HOME'];
  const base = dataHome && isAbsolute(dataHome) ? dataHome : join(userHome, '.local', 'share');
  return join(base, 'logboard');
}

/**
 * Creates the directory for its owner alone, if it is not there.
 * Throws `home_not_private` when others may write to it: they could run commands as its owner.
 */
export function ensureHome(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const writableByOthers = 0o022;
  if (statSync(path).mode & writableByOthers) {
    throw new HostError('home_not_private', `${path} can be written by other users`, {
      hint: `run: chmod 700 ${path}`,
    });
  }
}
