/** The power fails at any moment, and whatever was acknowledged is there when it comes back. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { cutPower } from '../../tools/powercut/attack.ts';
import { canRecord } from '../../tools/powercut/workloads.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { testUnless } from '../kit/test-where.ts';

const images = 1_000;
const entry = fileURLToPath(new URL('../../tools/powercut/appending-process.ts', import.meta.url));

testUnless(canRecord() ? undefined : 'power cuts: there is no strace here')(
  `no acknowledged event is lost in ${images} power cuts, also when a sync had failed before`,
  { timeout: 300_000 },
  async () => {
    const program = await bundleChild(entry);
    const directory = tempDir();
    const verdict = await cutPower({ images, failingSyncs: 8, seed: 1, program, directory });

    expect(verdict.broken).toEqual([]);
    expect(verdict.figures).toMatchObject({
      images: expect.toSatisfy((found) => found >= images),
      'images that lost an acknowledged append': 0,
    });
  },
);
