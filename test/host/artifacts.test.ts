/** Which results of a worker are taken over, and which are not. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArtifactLimits, artifactPath, collectArtifacts } from '../../src/host/artifacts.ts';
import { withFilesUpTo } from '../kit/file-size-limit.ts';
import { tempDir } from '../kit/temp-dir.ts';

const roomy: ArtifactLimits = { fileBytesMax: 1e6, totalBytesMax: 1e6, filesMax: 100 };

function world(files: Readonly<Record<string, string>> = {}) {
  const place = tempDir();
  const workspace = join(place, 'workspace');
  const store = join(place, 'artifacts');
  mkdirSync(workspace);
  writeFileSync(join(place, 'secret'), 'secret');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  const collect = (patterns: readonly string[], limits: Partial<ArtifactLimits> = {}) =>
    collectArtifacts({ workspace, patterns, store, limits: { ...roomy, ...limits } });
  return { place, workspace, store, collect };
}

/** Does something as one who may not read everything: root may, whatever the modes say. */
async function asNobody<T>(place: string, work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  chmodSync(place, 0o777);
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

describe('results', () => {
  it('are stored under the hash of their content, once', async () => {
    const { store, collect } = world({ 'a.txt': 'same', 'b.txt': 'same' });
    const hash = sha256('same');
    const { collected, skipped } = await collect(['a.txt', './b.txt']);
    expect(skipped).toEqual([]);
    expect(collected).toEqual([
      { path: 'a.txt', sha256: hash, sizeBytes: 4 },
      { path: 'b.txt', sha256: hash, sizeBytes: 4 },
    ]);
    expect(readdirSync(store)).toEqual([hash]);
    expect(readFileSync(artifactPath(store, hash), 'utf8')).toBe('same');
    expect(statSync(artifactPath(store, hash)).mode & 0o777).toBe(0o600);
  });

  it('may be whole directories', async () => {
    const { collect } = world({ 'out/b': '2', 'out/a': '1', 'out/deep/c': '3', other: '4' });
    const { collected } = await collect(['out']);
    expect(collected.map(({ path }) => path)).toEqual(['out/a', 'out/b', 'out/deep/c']);
  });

  it('may be the whole workspace', async () => {
    const { collect } = world({ a: '1', 'b/c': '2' });
    expect((await collect(['.'])).collected.map(({ path }) => path)).toEqual(['a', 'b/c']);
  });

  it.each([
    [['*.md'], ['b.md']],
    [['**/*.md'], ['a/c.md', 'a/d/e.md', 'b.md']],
    [['a/**'], ['a/c.md', 'a/d/e.md', 'a/d/f.txt']],
    [['a/**/?.txt'], ['a/d/f.txt']],
    [['?/*', 'a/c.md'], ['a/c.md']],
    [['nothing/*'], []],
  ])('may be given as the patterns %o', async (patterns, expected) => {
    const { collect } = world({ 'a/c.md': '', 'a/d/e.md': '', 'a/d/f.txt': '', 'b.md': '' });
    expect((await collect(patterns)).collected.map(({ path }) => path)).toEqual(expected);
  });

  it('are no files of git’s', async () => {
    const { collect } = world({ '.git/config': 'x', '.hidden': 'y' });
    expect((await collect(['**'])).collected.map(({ path }) => path)).toEqual(['.hidden']);
  });

  it('may have any name that is one line', async () => {
    const names = ['-rf', '$(x)', '%2e%2e', '..x', 'ü', ' '];
    const { collect } = world(Object.fromEntries(names.map((name) => [name, name])));
    const { collected } = await collect(names);
    expect(collected.map(({ path }) => path)).toEqual(names);
  });
});

describe('a store without space', () => {
  it('keeps no part of a file under the hash of the whole', async () => {
    const { workspace, store, collect } = world({ result: 'r'.repeat(200_000) });
    await withFilesUpTo(100_000, async () => {
      await expect(collect(['result'])).rejects.toThrow('EFBIG');
    });
    expect(readdirSync(store)).toEqual([]);
    expect(statSync(join(workspace, 'result')).size).toBe(200_000);
  });
});

describe('a workspace that has gone', () => {
  it('has no results', async () => {
    const { workspace, collect } = world();
    rmSync(workspace, { recursive: true });
    expect(await collect(['**'])).toEqual({ collected: [], skipped: [] });
  });
});

describe('left out are', () => {
  it.each([
    ['../secret', 'outside'],
    ['../*', 'outside'],
    ['/etc/passwd', 'outside'],
    ['..', 'outside'],
    ['nothing', 'missing'],
    ['file/deeper', 'missing'],
    ['a\0b', 'unusable_name'],
    ['a\nb', 'unusable_name'],
  ] as const)('%o, as %s', async (path, why) => {
    const { store, collect } = world({ file: 'x', 'a\nb': 'y' });
    expect(await collect([path])).toEqual({ collected: [], skipped: [{ path, why }] });
    expect(readdirSync(store)).toEqual([]);
  });

  it('links, wherever they stand on the way', async () => {
    const { place, workspace, collect } = world({ 'inside/file': 'x' });
    symlinkSync(join(place, 'secret'), join(workspace, 'to-secret'));
    symlinkSync(place, join(workspace, 'to-place'));
    symlinkSync('nowhere', join(workspace, 'dangling'));
    const { collected, skipped } = await collect(['to-secret', 'to-place/secret', 'to-place', '.']);
    expect(collected.map(({ path }) => path)).toEqual(['inside/file']);
    expect(skipped).toEqual([
      { path: 'to-secret', why: 'link' },
      { path: 'to-place/secret', why: 'outside' },
      { path: 'to-place', why: 'link' },
      { path: 'dangling', why: 'link' },
    ]);
  });

  it('files and directories that cannot be read', async () => {
    const { place, workspace, collect } = world({
      'a.txt': '1',
      'b.txt': '2',
      'locked/c.txt': '3',
    });
    chmodSync(join(workspace, 'b.txt'), 0o000);
    chmodSync(join(workspace, 'locked'), 0o000);
    const { collected, skipped } = await asNobody(place, () => collect(['**/*.txt']));
    chmodSync(join(workspace, 'locked'), 0o700);
    expect(collected.map(({ path }) => path)).toEqual(['a.txt']);
    expect(skipped).toEqual([
      { path: 'b.txt', why: 'unreadable' },
      { path: 'locked', why: 'unreadable' },
    ]);
  });

  it('pipes, without waiting for a writer', async () => {
    const { workspace, collect } = world();
    execFileSync('mkfifo', [join(workspace, 'pipe')]);
    expect((await collect(['pipe'])).skipped).toEqual([{ path: 'pipe', why: 'not_a_file' }]);
  });

  it('files beyond the limits, each and in sum', async () => {
    const { store, collect } = world({ a: 'x'.repeat(5), b: 'y'.repeat(11), c: 'z'.repeat(6) });
    const { collected, skipped } = await collect(['.'], { fileBytesMax: 10, totalBytesMax: 10 });
    expect(collected.map(({ path }) => path)).toEqual(['a']);
    expect(skipped).toEqual([
      { path: 'b', why: 'too_large' },
      { path: 'c', why: 'too_large' },
    ]);
    expect(readdirSync(store)).toHaveLength(1);
  });

  it('all after too many, of which the first is named', async () => {
    const { collect } = world({ a: '1', b: '2', c: '3', d: '4' });
    const { collected, skipped } = await collect(['.'], { filesMax: 2 });
    expect(collected).toHaveLength(2);
    expect(skipped).toEqual([{ path: 'c', why: 'too_many' }]);
  });
});
