/** The workspaces of a board, put together for the dispatcher. */
import { join } from 'node:path';
import type { WantedWorkspace, Workspaces } from '../dispatcher/ports.ts';
import { type ArtifactLimits, collectArtifacts } from './artifacts.ts';
import { createGit } from './git.ts';
import { removeScratch } from './remove-scratch.ts';
import { prepareWorkspace, type WorkspaceRequest, workspaceRoots } from './workspace.ts';

/** What they take from the world around them. */
export interface WorkspacesDeps {
  readonly boardDirectory: string;
  /** Stands in where a task names no directory of its own, and no repository. */
  readonly projectDirectory: string;
}

/** A checkout of a large repository takes minutes; one that takes longer hangs. */
const gitTimeoutMs = 10 * 60_000;

/** How much is taken over from one run. */
export const artifactLimits: ArtifactLimits = {
  fileBytesMax: 256 * 1024 * 1024,
  totalBytesMax: 1024 * 1024 * 1024,
  filesMax: 1_000,
};

/** Where a board keeps artifacts, by the hash of their content. */
export function artifactStore(boardDirectory: string): string {
  return join(boardDirectory, 'artifacts');
}

/** Puts them together. */
export function createWorkspaces({ boardDirectory, projectDirectory }: WorkspacesDeps): Workspaces {
  const roots = workspaceRoots(boardDirectory);
  const git = createGit(gitTimeoutMs);
  const store = artifactStore(boardDirectory);
  return {
    prepare: (wanted) => prepareWorkspace(requestOf(wanted, projectDirectory), { roots, git }),
    keep: (workspace, patterns) =>
      collectArtifacts({ workspace, patterns, store, limits: artifactLimits }),
    async removeScratch(runId) {
      await removeScratch(join(roots.scratch, runId), roots.scratch);
    },
  };
}

/** A scratch directory belongs to one run: a successor never shares it with who was before. */
function requestOf(wanted: WantedWorkspace, projectDirectory: string): WorkspaceRequest {
  const { kind, taskId, runId, path = projectDirectory, branch } = wanted;
  switch (kind) {
    case 'scratch':
      return { kind, name: runId };
    case 'dir':
      return { kind, path };
    case 'worktree':
      return { kind, taskId, repository: path, ...(branch === undefined ? {} : { branch }) };
  }
}
