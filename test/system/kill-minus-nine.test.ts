/**
 * kill -9 at any moment loses nothing that was acknowledged, and leaves a board without a scar.
 * `npm run crash` does it a thousand times.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { crashAgainAndAgain } from '../../tools/crash/attack.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';

const rounds = 100;
/** Most of a round is the start of a program; it need not work for long. */
const acksMax = 40;
const entry = fileURLToPath(new URL('../../tools/crash/loading-process.ts', import.meta.url));

test(`no acknowledged event is lost and no invariant broken in ${rounds} kills under load`, {
  timeout: 600_000,
}, async () => {
  const program = await bundleChild(entry);
  const directory = tempDir();
  const request = { rounds, seed: 1, program, directory, acksMax };
  const { broken, figures } = await crashAgainAndAgain(request);

  expect(broken).toEqual([]);
  expect(figures).toMatchObject({ kills: rounds, lost: 0, 'double completions': 0 });
  expect(figures['acknowledged']).toBeGreaterThan(rounds);
});
