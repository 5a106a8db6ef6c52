/** Finds a program the way a shell does, before anything is started. */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The absolute path of an executable file, or undefined. A name with a slash is taken relative to
 * `cwd`; a bare one is looked up along `searchPath`, where relative entries are passed over: a
 * workspace must not be able to slip in a program of its own.
 */
export function findProgram(
  name: string,
  where: { cwd: string; searchPath: string },
): string | undefined {
  if (name.includes('/')) {
    const path = resolve(where.cwd, name);
    return isExecutableFile(path) ? path : undefined;
  }
  return where.searchPath
    .split(':')
    .filter(isAbsolute)
    .map((directory) => join(directory, name))
    .find(isExecutableFile);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
