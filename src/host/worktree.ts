/** A git worktree per task: its own directory and branch of a repository that others share. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Git, mustGit } from './git.ts';
import { HostError } from './host-error.ts';

/** Which worktree is wanted. */
export interface WorktreeRequest {
  /** A directory inside the repository. */
  readonly repository: string;
  /** Absolute path of the worktree. */
  readonly path: string;
  readonly branch: string;
  /** Where a new branch begins; the repository's HEAD by default. */
  readonly base?: string;
}

/**
 * Makes the worktree, on the branch if that exists and on a new one otherwise. One that is there
 * from an earlier attempt is used again with everything in it. Throws `unsafe_name` for a branch or
 * base that git would not take for one, `git_failed` when git refuses.
 */
export async function addWorktree(git: Git, request: WorktreeRequest): Promise<void> {
  const { repository, path, branch, base = 'HEAD' } = request;
  await refuseUnsafeRefs(git, request);
  if (await isRegistered(git, repository, path)) {
    if (existsSync(path)) {
      return;
    }
    await mustGit(git, repository, ['worktree', 'prune']);
  }
  const known = await git(repository, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
  const target = known.ok ? ['--', path, branch] : ['-b', branch, '--', path, base];
  await mustGit(git, repository, ['worktree', 'add', '--quiet', ...target]);
}

/** What became of a worktree that is no longer needed. */
export type WorktreeRemoval =
  | { readonly removed: true }
  | { readonly removed: false; readonly detail: string };

/**
 * Removes the worktree if nothing in it would be lost: git itself keeps one with changed or new
 * files. Its branch, and so every commit, stays.
 */
export async function removeWorktree(
  git: Git,
  repository: string,
  path: string,
): Promise<WorktreeRemoval> {
  const outcome = await git(repository, ['worktree', 'remove', '--', resolve(path)]);
  return outcome.ok ? { removed: true } : { removed: false, detail: outcome.detail };
}

async function refuseUnsafeRefs(git: Git, request: WorktreeRequest): Promise<void> {
  const { repository, branch, base } = request;
  const valid = await git(repository, ['check-ref-format', `refs/heads/${branch}`]);
  const unsafe = [branch, base ?? ''].find((name) => name.startsWith('-'));
  if (!valid.ok || unsafe !== undefined) {
    const name = JSON.stringify(unsafe ?? branch);
    throw new HostError('unsafe_name', `${name} is not the name of a branch`, {
      hint: 'see git check-ref-format for what a branch may be called',
    });
  }
}

async function isRegistered(git: Git, repository: string, path: string): Promise<boolean> {
  const listed = await mustGit(git, repository, ['worktree', 'list', '--porcelain', '-z']);
  const real = existsSync(path) ? realpathSync(path) : path;
  return listed.split('\0').includes(`worktree ${real}`);
}
