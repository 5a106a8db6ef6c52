/** What runs elsewhere handed in: kept at once, and named by the log when they complete. */
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../../host/host-error.ts';
import { runDirectory } from '../../host/run-directory.ts';
import { createRunStore } from '../../host/run-store.ts';

/** Contents by hash. */
export interface HandedIn {
  /** By the runs that were asked about. */
  readonly own: ReadonlySet<string>;
  /** By all others whose files are still there. */
  readonly others: ReadonlySet<string>;
}

/** What these runs handed in, and what all others did, completed or not. */
export async function contentsHandedIn(
  directory: string,
  runIds: readonly string[],
): Promise<HandedIn> {
  const store = createRunStore(directory);
  const contentsOf = async (ids: readonly string[]) =>
    new Set((await Promise.all(ids.map(store.contents))).flat());
  const known = await runsOnDisk(directory);
  const others = known.filter((runId) => !runIds.includes(runId));
  return { own: await contentsOf(runIds), others: await contentsOf(others) };
}

async function runsOnDisk(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(dirname(runDirectory(directory, 'any').path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
