/** A full disk refuses and says so, loses nothing, and goes on as soon as there is room. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { canMount, fillDisk } from '../../tools/diskfull/attack.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { testUnless } from '../kit/test-where.ts';

const entry = fileURLToPath(new URL('../../tools/diskfull/filling-process.ts', import.meta.url));
const levels = 40;

testUnless(canMount() ? undefined : 'full disks: nothing may be mounted here')(
  `a disk that is full at any of ${levels} levels loses nothing, and its log goes on by itself`,
  { timeout: 120_000 },
  async () => {
    const program = await bundleChild(entry);
    const directory = join(tempDir(), 'small');
    const { broken, figures } = await fillDisk({ levels, seed: 1, program, directory });

    expect(broken).toEqual([]);
    expect(figures['levels at which something was refused']).toBe(levels);
    expect(figures['levels at which nothing could be opened']).toBeGreaterThan(0);
  },
);
