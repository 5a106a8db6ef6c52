/** A git worktree per task: its own directory and branch of a repository that others share. */
import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile, rmdir } from 'node:fs/promises';
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
 * from an earlier attempt is used again with everything in it, but not one whose making was broken
 * off. Throws `unsafe_name` for a branch or base that git would not take for one, `git_failed` when
 * git refuses or somebody else is making it just now.
 */
export async function addWorktree(git: Git, request: WorktreeRequest): Promise<void> {
  const { repository, path, branch, base = 'HEAD' } = request;
  await refuseUnsafeRefs(git, request);
  const before = await findWorktree(git, repository, path);
  if (before === 'half_made') {
    await removeHalfMade(git, repository, path);
  } else if (before === 'made') {
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

/** What git knows of a worktree at this place; it locks one for as long as it is making it. */
async function findWorktree(
  git: Git,
  repository: string,
  path: string,
): Promise<'made' | 'half_made' | undefined> {
  const listed = await mustGit(git, repository, ['worktree', 'list', '--porcelain', '-z']);
  const real = existsSync(path) ? realpathSync(path) : path;
  const lines = listed.split('\0\0').map((worktree) => worktree.split('\0'));
  const found = lines.find((facts) => facts.includes(`worktree ${real}`));
  if (found === undefined) {
    return undefined;
  }
  return found.includes('locked initializing') ? 'half_made' : 'made';
}

/** Nobody has worked in it yet, so nothing is lost. */
async function removeHalfMade(git: Git, repository: string, path: string): Promise<void> {
  if (await isBeingMade(path)) {
    throw new HostError('git_failed', `another git is still making the worktree ${path}`, {
      hint: 'wait until it is done, or end it',
    });
  }
  // git does not remove what it has not even begun to fill, unless it has gone.
  await rmdir(path).catch(() => {});
  await mustGit(git, repository, ['worktree', 'remove', '--force', '--force', '--', path]);
}

/** Whether there is a git that adds it, or the one which that has started to fill it. */
async function isBeingMade(path: string): Promise<boolean> {
  for (const pid of await readdir('/proc')) {
    const args = await wordsIn(`/proc/${pid}/cmdline`);
    if (args.includes('worktree') && args.includes(path)) {
      return true;
    }
    const variables = await wordsIn(`/proc/${pid}/environ`);
    if (variables.includes(`GIT_WORK_TREE=${path}`)) {
      return true;
    }
  }
  return false;
}

/** Nothing of what is no process, has ended, or belongs to somebody else. */
async function wordsIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\0');
}
