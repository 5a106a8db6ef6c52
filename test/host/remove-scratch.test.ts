/** Removing scratch workspaces, and what must survive it. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeScratch } from '../../src/host/remove-scratch.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { startDispatcher } from './dispatchers.ts';

/** A managed root with one scratch, beside a directory that is none of our business. */
function world() {
  const place = tempDir();
  const root = join(place, 'workspaces');
  const scratch = join(root, 'T-1');
  const outside = join(place, 'precious');
  mkdirSync(scratch, { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'file'), 'precious');
  const isUntouched = () => readFileSync(join(outside, 'file'), 'utf8') === 'precious';
  return { place, root, scratch, outside, isUntouched };
}

describe('a scratch workspace', () => {
  it('goes with everything in it', async () => {
    const { root, scratch } = world();
    mkdirSync(join(scratch, 'a', 'b', 'c'), { recursive: true });
    writeFileSync(join(scratch, 'a', 'b', '-rf * $HOME\n'), 'x');
    mkdirSync(join(scratch, 'read-only'));
    writeFileSync(join(scratch, 'read-only', 'file'), 'x');
    chmodSync(join(scratch, 'read-only'), 0o500);
    execFileSync('mkfifo', [join(scratch, 'pipe')]);
    expect(await removeScratch(scratch, root)).toBe(true);
    expect(readdirSync(root)).toEqual([]);
  });

  it('goes with files whose names are no text', async () => {
    const { root, scratch } = world();
    const latin1 = Buffer.from(`${scratch}/caf\u00e9`, 'latin1');
    mkdirSync(latin1);
    writeFileSync(Buffer.concat([latin1, Buffer.from('/\u00ff', 'latin1')]), 'x');
    expect(await removeScratch(scratch, root)).toBe(true);
    expect(readdirSync(root)).toEqual([]);
  });

  it('that has gone already is no trouble', async () => {
    const { root, scratch } = world();
    await removeScratch(scratch, root);
    expect(await removeScratch(scratch, root)).toBe(false);
  });

  it('loses its links, but not what they lead to', async () => {
    const { root, scratch, outside, isUntouched } = world();
    symlinkSync(outside, join(scratch, 'to-directory'));
    symlinkSync(join(outside, 'file'), join(scratch, 'to-file'));
    symlinkSync('/', join(scratch, 'to-root'));
    linkSync(join(outside, 'file'), join(scratch, 'hard-link'));
    expect(await removeScratch(scratch, root)).toBe(true);
    expect(isUntouched()).toBe(true);
  });

  it('may stand in a root that is reached by a link', async () => {
    const { place, root, scratch } = world();
    symlinkSync(root, join(place, 'link'));
    expect(await removeScratch(join(place, 'link', 'T-1'), join(place, 'link'))).toBe(true);
    expect(existsSync(scratch)).toBe(false);
  });
});

describe('refused is', () => {
  it.each([
    ['the root itself', ''],
    ['the root by another name', 'T-1/..'],
    ['what lies beside the root', '../precious'],
    ['what lies deeper', 'T-1/inner'],
    ['the way up from a scratch', 'T-1/../../precious'],
    ['a hidden name', '.hidden'],
  ])('%s', async (_, relative) => {
    const { root, scratch, isUntouched } = world();
    mkdirSync(join(scratch, 'inner'));
    mkdirSync(join(root, '.hidden'));
    await expect(removeScratch(`${root}/${relative}`, root)).rejects.toMatchObject({
      name: 'HostError',
      code: expect.stringMatching(/^unsafe_(path|name)$/),
    });
    expect(isUntouched()).toBe(true);
    expect(existsSync(join(scratch, 'inner'))).toBe(true);
  });

  it('a link in the place of a scratch', async () => {
    const { root, outside, isUntouched } = world();
    symlinkSync(outside, join(root, 'T-2'));
    await expect(removeScratch(join(root, 'T-2'), root)).rejects.toMatchObject({
      code: 'unsafe_path',
    });
    expect(isUntouched()).toBe(true);
  });

  it('a file in the place of a scratch', async () => {
    const { root } = world();
    writeFileSync(join(root, 'T-2'), 'x');
    await expect(removeScratch(join(root, 'T-2'), root)).rejects.toMatchObject({
      code: 'unsafe_path',
    });
  });

  it('a scratch reached through a link out of the root', async () => {
    const { root, outside, isUntouched } = world();
    mkdirSync(join(outside, 'T-1'));
    symlinkSync(outside, join(root, 'T-2'));
    await expect(removeScratch(join(root, 'T-2', 'T-1'), root)).rejects.toMatchObject({
      code: 'unsafe_path',
    });
    expect(isUntouched()).toBe(true);
  });

  it('a tree deeper than descriptors reach', async () => {
    const { root, scratch } = world();
    mkdirSync(join(scratch, ...Array.from({ length: 300 }, () => 'd')), { recursive: true });
    await expect(removeScratch(scratch, root)).rejects.toMatchObject({ code: 'unsafe_path' });
  });
});

describe('a race', () => {
  it('between removal and swapping a directory for a link never leads outside', async () => {
    const { root, scratch, outside } = world();
    const names = Array.from({ length: 200 }, (_, number) => `file-${number}`);
    const fill = (directory: string) => {
      mkdirSync(directory, { recursive: true });
      for (const name of names) {
        writeFileSync(join(directory, name), '');
      }
    };
    fill(outside);
    const victim = join(scratch, 'victim');
    const swapper = await startDispatcher('swaps-for-link.mjs', [victim, outside]);
    expect(await swapper.nextLine()).toBe('ready');
    for (let round = 0; round < 50; round += 1) {
      // The swapper gets in the way of filling, too; what matters is what is removed.
      attempt(() => fill(victim));
      await removeScratch(scratch, root).catch(() => undefined);
    }
    expect(readdirSync(outside)).toHaveLength(names.length + 1);
  });

  function attempt(work: () => void): void {
    try {
      work();
    } catch {
      // The swapper was faster.
    }
  }
});
