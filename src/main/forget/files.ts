/** The files in which text about a task stands outside of the log and the tables. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Board } from '../../app/board.ts';
import { artifactPath } from '../../host/artifacts.ts';
import { removeScratch } from '../../host/remove-scratch.ts';
import { runDirectory } from '../../host/run-directory.ts';
import { workspaceRoots } from '../../host/workspace.ts';
import { artifactStore } from '../../host/workspaces.ts';
import { contentsHandedIn } from './handed-in.ts';
import { ownArtifacts, runsOf } from './what-is-written.ts';

/** Whose files to remove, and which. */
export interface FilesToRemove {
  readonly board: Board;
  readonly directory: string;
  readonly taskId: string;
  readonly keepArtifacts: boolean;
}

/**
 * Removes output, context and scratch workspaces of a task's runs, and its artifacts as far as no
 * other task has the same. Git worktrees and given directories are their owners'.
 */
export async function removeFiles(wanted: FilesToRemove): Promise<void> {
  const { board, directory, taskId } = wanted;
  const { scratch } = workspaceRoots(directory);
  const runIds = await runsOf(board, taskId);
  // Before the directories of its runs: what they handed in and never completed stands only there.
  if (!wanted.keepArtifacts) await removeArtifacts(wanted, runIds);
  for (const runId of runIds) {
    await rm(runDirectory(directory, runId).path, { recursive: true, force: true });
    await removeScratch(join(scratch, runId), scratch);
  }
}

async function removeArtifacts(
  { board, directory, taskId }: FilesToRemove,
  runIds: readonly string[],
): Promise<void> {
  const store = artifactStore(directory);
  const handedIn = await contentsHandedIn(directory, runIds);
  for (const sha256 of await ownArtifacts(board, taskId, handedIn)) {
    await rm(artifactPath(store, sha256), { force: true });
  }
}

/**
 * Takes what a task handed on out of what the workers of its children were shown. The tables must
 * have forgotten it: a worker that is still at work gets the page as it is now.
 */
export async function removeFromContexts(
  board: Board,
  directory: string,
  taskId: string,
): Promise<void> {
  const queries = await board.read();
  const children = queries.children(taskId, board.nowMs());
  for (const run of children.flatMap((child) => queries.runs(child.taskId))) {
    const { context } = runDirectory(directory, run.runId);
    const page = run.endedAtMs === null ? await board.context(run.taskId) : undefined;
    if (typeof page !== 'string') await rm(context, { force: true });
    else if (existsSync(context)) await writeFile(context, page);
  }
}
