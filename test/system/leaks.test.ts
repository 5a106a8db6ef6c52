/** A dispatcher whose workers have come and gone holds on to none of them; see `npm run leaks`. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { live } from '../../tools/leaks/fleet-life.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';

test('no file and no zombie stays of workers that have come and gone', {
  timeout: 120_000,
}, async () => {
  const program = await bundleChild(
    fileURLToPath(new URL('../../tools/trial/dispatcher-process.ts', import.meta.url)),
  );
  const looks = await live({ directory: join(tempDir(), 'life'), program, crew: 40, looks: 3 });
  expect(looks.map(({ zombies }) => zombies)).toEqual([0, 0, 0]);
  const [first = 0, ...later] = looks.map(({ openFiles }) => openFiles);
  expect(Math.max(...later)).toBeLessThanOrEqual(first);
});
