/** Workspaces of all three kinds, with a real git. */
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createGit } from '../../src/host/git.ts';
import {
  prepareWorkspace,
  type WorkspaceRequest,
  type WorkspaceRoots,
  workspaceRoots,
} from '../../src/host/workspace.ts';
import { removeWorktree } from '../../src/host/worktree.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';

const git = createGit(20_000);

let place: string;
let roots: WorkspaceRoots;
beforeEach(() => {
  place = realpathSync(tempDir());
  roots = workspaceRoots(join(place, 'board'));
});

/** Who has ended may still be waited for by nobody. */
function hasEnded(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || readFileSync(stat, 'utf8').includes(') Z ');
}

/** The path of a workspace that is there when it is prepared. */
async function prepare(request: WorkspaceRequest): Promise<string> {
  const { path, make } = await prepareWorkspace(request, { roots, git });
  expect(make).toEqual([]);
  return path;
}

describe('a scratch workspace', () => {
  it('is a directory of its own, made with its worker', async () => {
    const prepared = await prepareWorkspace({ kind: 'scratch', name: 'R-1' }, { roots, git });
    const path = join(roots.scratch, 'R-1');
    expect(prepared).toEqual({ path, make: [{ is: 'directory', path }] });
    expect(existsSync(path)).toBe(false);
  });

  it.each(['..', '../R-1', 'a/b', ''])('is not called %o', async (name) => {
    await expect(prepare({ kind: 'scratch', name })).rejects.toMatchObject({
      code: 'unsafe_name',
    });
  });
});

describe('a directory of somebody’s', () => {
  it('is created with all on the way to it', async () => {
    const path = join(place, 'some', 'where');
    expect(await prepare({ kind: 'dir', path })).toBe(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('has to be named in full', async () => {
    await expect(prepare({ kind: 'dir', path: 'some/where' })).rejects.toMatchObject({
      code: 'not_absolute',
    });
  });
});

describe('a worktree', () => {
  let repository: string;
  beforeEach(() => {
    repository = join(place, 'repository');
    mkdirSync(repository);
    inRepository('init', '--quiet', '--initial-branch=main');
    writeFileSync(join(repository, 'file'), 'content\n');
    writeFileSync(join(repository, '.gitattributes'), '* filter=hostile\n');
    commit('first');
  });

  function inRepository(...args: string[]): string {
    return execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
  }

  function commit(message: string): void {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
    inRepository('add', '.');
    inRepository(...identity, 'commit', '--quiet', '-m', message);
  }

  const worktree = (more: { branch?: string; base?: string; path?: string } = {}) =>
    prepare({ kind: 'worktree', taskId: 'T-1', repository, ...more });

  it('stands on a branch of its own', async () => {
    const path = await worktree();
    expect(path).toBe(join(roots.worktrees, 'T-1'));
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('content\n');
    expect(readFileSync(join(path, '.git'), 'utf8')).toMatch(/^gitdir: /);
    expect(inRepository('branch', '--list', 'logboard/T-1')).toContain('logboard/T-1');
  });

  it('can stand elsewhere, on another branch, begun somewhere else', async () => {
    writeFileSync(join(repository, 'file'), 'newer\n');
    commit('second');
    const path = join(place, 'elsewhere');
    expect(await worktree({ path, branch: 'wip/x', base: 'HEAD~1' })).toBe(path);
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('content\n');
  });

  it('takes up a branch that exists', async () => {
    inRepository('branch', 'wip');
    const path = await worktree({ branch: 'wip' });
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('content\n');
  });

  it('of an earlier attempt is used again, with its unfinished work', async () => {
    const path = await worktree();
    writeFileSync(join(path, 'file'), 'unfinished\n');
    expect(await worktree()).toBe(path);
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('unfinished\n');
  });

  it('is made again when somebody deleted it', async () => {
    const path = await worktree();
    rmSync(path, { recursive: true });
    await worktree();
    expect(existsSync(join(path, 'file'))).toBe(true);
  });

  /** What a `git worktree add` leaves that was killed before it could fill the directory. */
  function halfMade(): string {
    const path = join(roots.worktrees, 'T-1');
    inRepository('worktree', 'add', '--quiet', '--no-checkout', '-b', 'logboard/T-1', path);
    writeFileSync(join(repository, '.git', 'worktrees', 'T-1', 'locked'), 'initializing\n');
    return path;
  }

  it.each(['not filled', 'empty', 'missing'])('half made and %s is made again', async (how) => {
    const path = halfMade();
    if (how !== 'not filled') rmSync(path, { recursive: true });
    if (how === 'empty') mkdirSync(path);
    await worktree();
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('content\n');
    expect(inRepository('worktree', 'list', '--porcelain')).not.toContain('locked');
  });

  it('is left alone while somebody else is making it', async () => {
    const path = halfMade();
    const env = { PATH: process.env['PATH'], GIT_WORK_TREE: path };
    const other = spawn('sleep', ['60'], { env });
    onTestFinished(() => void other.kill('SIGKILL'));
    await expect(worktree()).rejects.toMatchObject({ code: 'git_failed' });
    expect(existsSync(join(path, '.git'))).toBe(true);
  });

  it('is not filled any more by a git that took too long', async () => {
    const pidFile = join(place, 'pid');
    const script = `!sleep 60 & echo $! > '${pidFile}'; wait`;
    const outcome = await createGit(500)(repository, ['-c', `alias.fill=${script}`, 'fill']);
    expect(outcome).toMatchObject({ ok: false, code: undefined });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await eventually('what git started has gone', () => hasEnded(pid));
  });

  it.each(['-b', '--upload-pack=x', 'a b', 'a..b', '', 'a\nb', '$(x).lock'])(
    'is not made on a branch called %o',
    async (branch) => {
      await expect(worktree({ branch })).rejects.toMatchObject({ code: 'unsafe_name' });
    },
  );

  it('is not made from a base that looks like an option', async () => {
    await expect(worktree({ base: '--force' })).rejects.toMatchObject({ code: 'unsafe_name' });
  });

  it('is not made where there is no repository', async () => {
    repository = place;
    await expect(worktree()).rejects.toMatchObject({
      code: 'git_failed',
      message: expect.stringContaining('not a git repository'),
    });
  });

  it('goes when nothing in it would be lost; its branch stays', async () => {
    const path = await worktree();
    expect(await removeWorktree(git, repository, path)).toEqual({ removed: true });
    expect(existsSync(path)).toBe(false);
    expect(inRepository('branch', '--list', 'logboard/T-1')).toContain('logboard/T-1');
  });

  it.each(['file', 'new-file'])('stays while %s is not committed', async (name) => {
    const path = await worktree();
    writeFileSync(join(path, name), 'unfinished\n');
    expect(await removeWorktree(git, repository, path)).toMatchObject({ removed: false });
    expect(readFileSync(join(path, name), 'utf8')).toBe('unfinished\n');
  });

  it('runs no program that the repository names', async () => {
    const pwned = join(place, 'pwned');
    const program = join(place, 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch '${pwned}'\ncat\n`, { mode: 0o755 });
    mkdirSync(join(place, 'hooks'));
    writeFileSync(join(place, 'hooks', 'post-checkout'), `#!/bin/sh\ntouch '${pwned}'\n`, {
      mode: 0o755,
    });
    inRepository('config', 'core.hooksPath', join(place, 'hooks'));
    inRepository('config', 'core.fsmonitor', program);
    inRepository('config', 'filter.hostile.smudge', program);
    inRepository('config', 'filter.hostile.clean', program);
    inRepository('config', 'filter.hostile.required', 'true');
    const path = await worktree();
    writeFileSync(join(path, 'file'), 'changed\n');
    await removeWorktree(git, repository, path);
    expect(existsSync(pwned)).toBe(false);
    execFileSync('git', ['status'], { cwd: path });
    // The same repository in the hands of a plain git: the trap works.
    expect(existsSync(pwned)).toBe(true);
  });

  it('is made without the dispatcher’s own git variables', async () => {
    process.env['GIT_DIR'] = '/no/such/repository';
    onTestFinished(() => {
      delete process.env['GIT_DIR'];
    });
    await expect(worktree()).resolves.toBe(join(roots.worktrees, 'T-1'));
  });
});
