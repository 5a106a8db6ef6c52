/** What runs leave on disk: their files, and the scratch workspaces they worked in. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Leftover } from '../cli/upkeep.ts';
import { errnoOf } from '../host/host-error.ts';
import { removeScratch } from '../host/remove-scratch.ts';
import { runDirectory } from '../host/run-directory.ts';
import { workspaceRoots } from '../host/workspace.ts';

/** Everything of a board that may be removed once its run is over. */
export async function findLeftovers(boardDirectory: string): Promise<readonly Leftover[]> {
  const runs = await directoriesIn(join(boardDirectory, 'runs'));
  const scratch = await directoriesIn(workspaceRoots(boardDirectory).scratch);
  return [
    ...(await Promise.all(runs.map((place) => leftover('run_files', place)))),
    ...(await Promise.all(scratch.map((place) => leftover('scratch', place)))),
  ];
}

/** Removes one of them, and never anything outside the board. */
export async function removeLeftover(boardDirectory: string, found: Leftover): Promise<void> {
  if (found.kind === 'scratch') {
    await removeScratch(found.path, workspaceRoots(boardDirectory).scratch);
    return;
  }
  await rm(runDirectory(boardDirectory, found.owner).path, { recursive: true, force: true });
}

interface Place {
  readonly owner: string;
  readonly path: string;
}

async function leftover(kind: Leftover['kind'], { owner, path }: Place): Promise<Leftover> {
  return { kind, owner, path, bytes: await sizeOf(path) };
}

async function directoriesIn(path: string): Promise<readonly Place[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
    return names.map((owner) => ({ owner, path: join(path, owner) }));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Bytes of all files below a directory; what vanishes meanwhile counts nothing. */
async function sizeOf(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory, { recursive: true }).catch(() => [])) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (found?.isFile()) bytes += found.size;
  }
  return bytes;
}
