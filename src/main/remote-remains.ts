/**
 * What runs leave on the machine of a remote worker. It goes with the run; what a program that was
 * killed could not remove goes when the next one is started here.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Host } from '../dispatcher/ports.ts';
import { errnoOf } from '../host/host-error.ts';
import { removeScratch } from '../host/remove-scratch.ts';
import { runDirectory } from '../host/run-directory.ts';

/** What is known of a machine's runs. */
export interface RemainsParts extends Pick<Host, 'self' | 'processes' | 'runFiles' | 'workspaces'> {
  /** Where the files of the runs are. */
  readonly place: string;
  /** Told of what could not be looked at, or removed. */
  readonly onError: (problem: unknown) => void;
}

/** Which program a run is of. */
const ownerSchema = z.object({ pid: z.int(), startTime: z.int(), bootId: z.string() });

/** Removes what is left of runs. */
export function createRemains(parts: RemainsParts) {
  const { place, processes, runFiles, self, workspaces } = parts;
  const ownerFile = (runId: string) => join(runDirectory(place, runId).path, 'owner');
  const removeFiles = (runId: string) =>
    removeScratch(runDirectory(place, runId).path, join(place, 'runs'));

  /** The files of a run, and beside them a word on which program it is of. */
  const plan: Host['runFiles']['plan'] = (runId, contents) => {
    const { paths, make } = runFiles.plan(runId, contents);
    const owner = { is: 'file', path: ownerFile(runId), content: JSON.stringify(self) } as const;
    return { paths, make: [...make, owner] };
  };

  /** Output and token of the run go, too, when its workspace has something that stays. */
  async function forgetRun(runId: string): Promise<void> {
    try {
      await workspaces.removeScratch(runId);
    } finally {
      await removeFiles(runId);
    }
  }

  /** Removes what is left of programs that are dead; whose it is unknown, it stays. */
  async function sweep(): Promise<void> {
    for (const runId of await namesIn(join(place, 'runs'))) {
      try {
        if (await isOrphan(runId)) await forgetOrphan(runId);
      } catch (problem) {
        parts.onError(problem);
      }
    }
  }

  async function isOrphan(runId: string): Promise<boolean> {
    const text = await readFile(ownerFile(runId), 'utf8').catch(() => '{}');
    const { data: owner } = ownerSchema.safeParse(JSON.parse(text));
    return owner !== undefined && processes.probe(owner).verdict === 'dead';
  }

  /** The word on its owner goes last: what is still in somebody's hands is found the next time. */
  async function forgetOrphan(runId: string): Promise<void> {
    await workspaces.removeScratch(runId);
    await removeFiles(runId);
  }

  return { plan, forgetRun, sweep };
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (fault) {
    if (errnoOf(fault) === 'ENOENT') return [];
    throw fault;
  }
}
