/** Any call to the system may fail: what was acknowledged stays, and no promise is made in vain. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { failCalls } from '../../tools/iofault/attack.ts';
import { buildLibrary, canBuildLibrary } from '../../tools/iofault/library.ts';
import { withScratch } from '../../tools/trial/scratch.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { testUnless } from '../kit/test-where.ts';

const room = new URL('../../tools/iofault/', import.meta.url);
const entry = fileURLToPath(new URL('faulty-process.ts', room));
const source = fileURLToPath(new URL('faulty-io.c', room));

testUnless(canBuildLibrary() ? undefined : 'I/O faults: there is no gcc here')(
  'a fault in every 31st call to the system loses nothing and is told as what it is',
  { timeout: 300_000 },
  async () => {
    const program = await bundleChild(entry);
    const library = buildLibrary(source, tempDir());
    const verdict = await withScratch((directory) =>
      failCalls({ step: 31, first: 1, program, library, directory }),
    );

    expect(verdict.broken).toEqual([]);
    expect(verdict.figures['points']).toBeGreaterThanOrEqual(30);
  },
);
