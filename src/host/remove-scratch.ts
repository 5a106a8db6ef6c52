/**
 * Removes a scratch workspace, and never anything else.
 *
 * The tree was made by a worker, which may have left links in it and may even change it meanwhile.
 * So no path is ever resolved twice: every directory is opened once, refusing links, and its
 * entries are reached through the open descriptor (/proc/self/fd/N/name is Node's way to say
 * unlinkat). Swapping a directory for a link while this runs cannot lead it outside.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errnoOf, HostError } from './host-error.ts';
import { safeNameOf } from './safe-name.ts';

/** Deeper trees are left alone: each level holds a descriptor of the dispatcher's. */
const depthMax = 256;

/**
 * Removes the directory `path` with all it holds. It must stand directly in `managedRoot` and be
 * no link. Answers false when it was not there. Throws `unsafe_path` or `unsafe_name` when it is
 * anywhere else, holds a mounted file system or is too deep; what came before is gone by then.
 */
export async function removeScratch(path: string, managedRoot: string): Promise<boolean> {
  const whole = resolve(path);
  const name = safeNameOf(basename(whole));
  if (dirname(whole) === resolve(managedRoot) && (await removeEmpty(whole))) {
    return true;
  }
  return ifThere(async () => {
    const realRoot = await realpath(managedRoot);
    if ((await realpath(dirname(whole))) !== realRoot) {
      throw unsafe(whole, `is not directly inside ${managedRoot}`);
    }
    const root = await openDirectory(realRoot);
    try {
      const { dev } = await root.stat();
      await removeDirectory(root, name, { path: whole, device: dev, depth: 1 });
    } finally {
      await root.close();
    }
  });
}

/** Most scratches end empty, and an empty directory has nothing in it that could lead elsewhere. */
async function removeEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch {
    // Whatever it is instead, it is looked at with care.
    return false;
  }
}

/** A name as text or as the bytes it is. */
type Name = string | Buffer;

interface Place {
  /** For messages only. */
  readonly path: string;
  /** The file system that must not be left. */
  readonly device: number;
  readonly depth: number;
}

async function removeDirectory(parent: FileHandle, name: Name, place: Place): Promise<void> {
  if (place.depth > depthMax) {
    throw unsafe(place.path, `lies more than ${depthMax} directories deep`);
  }
  const directory = await openDirectory(throughHandle(parent, name), place.path);
  try {
    const { dev, mode } = await directory.stat();
    if (dev !== place.device) {
      throw unsafe(place.path, 'is another file system, mounted here');
    }
    const mayEmpty = 0o700;
    if ((mode & mayEmpty) !== mayEmpty) {
      await directory.chmod(mayEmpty);
    }
    // Names are bytes: read as text, one that is no UTF-8 would be the name of nothing.
    for (const entry of await readdir(throughHandle(directory), 'buffer')) {
      await ifThere(() => removeEntry(directory, entry, place));
    }
  } finally {
    await directory.close();
  }
  await rmdir(throughHandle(parent, name));
}

async function removeEntry(directory: FileHandle, name: Name, place: Place): Promise<void> {
  const entry = throughHandle(directory, name);
  if ((await lstat(entry)).isDirectory()) {
    const path = join(place.path, name.toString());
    await removeDirectory(directory, name, { ...place, path, depth: place.depth + 1 });
  } else {
    await unlink(entry);
  }
}

/** False when what was to be removed has gone already, whoever removed it. */
async function ifThere(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

/** The directory itself, not one that a link in its place leads to. */
async function openDirectory(path: Name, shown = path.toString()): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ELOOP' || errno === 'ENOTDIR') {
      throw unsafe(shown, 'is not a directory');
    }
    throw error;
  }
}

function throughHandle(directory: FileHandle, name: Name = ''): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${directory.fd}/`), Buffer.from(name)]);
}

function unsafe(path: string, found: string): HostError {
  return new HostError('unsafe_path', `will not remove ${path}: it ${found}`, {
    hint: 'look at it, and remove it by hand if it is not needed',
  });
}
