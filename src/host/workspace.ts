/** The directory a worker works in: a scratch one, one that is given, or a git worktree. */
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Workspace } from '../dispatcher/ports.ts';
import type { Git } from './git.ts';
import { HostError } from './host-error.ts';
import { safeNameOf } from './safe-name.ts';
import { addWorktree } from './worktree.ts';

/** Where a task wants to be worked on. */
export type WorkspaceRequest =
  /** A directory of its own, by this name. */
  | { readonly kind: 'scratch'; readonly name: string }
  /** A directory of somebody's: created if need be, never removed. */
  | { readonly kind: 'dir'; readonly path: string }
  | {
      readonly kind: 'worktree';
      readonly taskId: string;
      /** A directory inside the repository. */
      readonly repository: string;
      /** Default: a directory of the board's. */
      readonly path?: string;
      /** Default: `logboard/<taskId>`. */
      readonly branch?: string;
      /** Where a new branch begins. Default: the repository's HEAD. */
      readonly base?: string;
    };

/** The two directories of a board in which it makes workspaces itself. */
export interface WorkspaceRoots {
  /** Everything in here is Logboard's own, and may be removed. */
  readonly scratch: string;
  readonly worktrees: string;
}

/** Where a board's workspaces are. */
export function workspaceRoots(boardDirectory: string): WorkspaceRoots {
  return {
    scratch: join(boardDirectory, 'workspaces'),
    worktrees: join(boardDirectory, 'worktrees'),
  };
}

/**
 * Makes a workspace that outlives its run, or keeps what is there already; a scratch one is only
 * named, and made with its worker. Paths are absolute.
 * Throws `not_absolute`, `unsafe_name`, `git_failed`, or the system's own error.
 */
export async function prepareWorkspace(
  request: WorkspaceRequest,
  { roots, git }: { roots: WorkspaceRoots; git: Git },
): Promise<Workspace> {
  switch (request.kind) {
    case 'scratch': {
      const path = managedPath(roots.scratch, request.name);
      return { path, make: [{ is: 'directory', path }] };
    }
    case 'dir': {
      const path = absolute(request.path);
      await mkdir(path, { recursive: true });
      return { path, make: [] };
    }
    case 'worktree': {
      const { taskId, path, branch = `logboard/${taskId}`, ...rest } = request;
      const place = path === undefined ? managedPath(roots.worktrees, taskId) : absolute(path);
      await addWorktree(git, { ...rest, path: place, branch });
      return { path: place, make: [] };
    }
  }
}

function managedPath(root: string, name: string): string {
  return join(absolute(root), safeNameOf(name));
}

function absolute(path: string): string {
  if (!isAbsolute(path)) {
    throw new HostError('not_absolute', `the workspace path ${path} is relative`, {
      hint: 'give the whole path: a dispatcher has no directory of its own to start from',
    });
  }
  return path;
}
