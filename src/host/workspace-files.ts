/** Lists the files of a workspace that a worker definition's patterns mean. */
import { lstat, readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { isGlob, matchesGlob } from './glob.ts';
import { errnoOf } from './host-error.ts';

/** What was found under a pattern. */
export interface Found {
  /** Relative to the workspace. */
  readonly path: string;
  /** A directory that nobody can look into; the pattern may mean files in it. */
  readonly isUnreadable: boolean;
}

/**
 * The files below `workspace` (a real path) that the patterns mean, each once. A plain name is
 * given back as it is when it is no directory, whether or not it exists; instead of a directory
 * come all files in it. Links are named, not followed; `.git` is passed over.
 */
export async function* workspaceFiles(
  workspace: string,
  patterns: readonly string[],
): AsyncGenerator<Found, void, undefined> {
  const seen = new Set<string>();
  for (const pattern of patterns) {
    for await (const found of filesMeantBy(workspace, normalize(pattern))) {
      if (!seen.has(found.path)) {
        seen.add(found.path);
        yield found;
      }
    }
  }
}

/** By its name alone; what a link on the way does is seen when the file is opened. */
export function leadsOutside(path: string): boolean {
  return isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`);
}

/** Whether a real path is the workspace (a real path too) or lies in it. */
export function isInside(workspace: string, realPath: string): boolean {
  return realPath === workspace || realPath.startsWith(workspace + sep);
}

async function* filesMeantBy(workspace: string, pattern: string): AsyncGenerator<Found> {
  if (leadsOutside(pattern) || !isGlob(pattern)) {
    yield* filesBelow(workspace, pattern);
    return;
  }
  const names = pattern.split(sep);
  const plain = names.slice(0, names.findIndex(isGlob));
  for await (const found of filesBelow(workspace, join('.', ...plain))) {
    if (found.isUnreadable || matchesGlob(pattern, found.path)) {
      yield found;
    }
  }
}

/** The path itself, or all files in the directory that it is, sorted by name. */
async function* filesBelow(workspace: string, path: string): AsyncGenerator<Found> {
  if (leadsOutside(path) || !(await isDirectoryInside(workspace, path))) {
    yield { path, isUnreadable: false };
    return;
  }
  const names = await namesIn(join(workspace, path));
  if (names === undefined) {
    yield { path, isUnreadable: true };
    return;
  }
  for (const name of names.filter((it) => it !== '.git').sort()) {
    yield* filesBelow(workspace, join(path, name));
  }
}

/** Undefined when it cannot be read; throws what says more about this process than about it. */
async function namesIn(directory: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (exhausted.has(errnoOf(error) ?? '')) {
      throw error;
    }
    return undefined;
  }
}

/** Reading may work the next time. */
const exhausted: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

async function isDirectoryInside(workspace: string, path: string): Promise<boolean> {
  const whole = join(workspace, path);
  try {
    return (await lstat(whole)).isDirectory() && isInside(workspace, await realpath(whole));
  } catch {
    // Whatever it is, opening it as a file will say.
    return false;
  }
}
