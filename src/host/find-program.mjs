/**
 * Finds a program the way a shell does, before anything is started. The spawner does, so this is
 * JavaScript as it is run, too.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The absolute path of an executable file, or undefined. A name with a slash is taken relative to
 * `cwd`; a bare one is looked up along `searchPath`, where relative entries are passed over: a
 * workspace must not be able to slip in a program of its own.
 *
 * @param {string} name
 * @param {{ cwd: string, searchPath: string }} where
 * @returns {string | undefined}
 */
export function findProgram(name, where) {
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

/**
 * Whether a program is looked for where it is started, and not in places that stay.
 *
 * @param {string} name
 */
export function isRelative(name) {
  return name.includes('/') && !isAbsolute(name);
}

/** @param {string} path */
function isExecutableFile(path) {
  try {
    // Asked first, since it says no without an error, and most places have no such program.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
