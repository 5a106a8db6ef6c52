/**
 * A dispatcher may die between any two of its steps: what it left is taken up by the next one, no
 * work is done twice, and nothing is left behind. `npm run dispatcher-death` does it by the
 * hundred.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCampaign } from '../../tools/dispatcher-death/campaign.ts';
import { gaps } from '../../tools/dispatcher-death/mortal.ts';
import { bundleChild } from '../kit/child.ts';
import { chosenSeed } from '../kit/seed.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** Deaths in each gap. */
const kills = 2;

test(`every task is worked on once, however a dispatcher dies: ${kills} times in each gap`, {
  timeout: 120_000,
}, async () => {
  const program = await bundleChild(
    fileURLToPath(new URL('../../tools/dispatcher-death/mortal-dispatcher.ts', import.meta.url)),
  );
  const seed = chosenSeed.seed ?? Date.now() % 2 ** 31;
  const aftermaths = await runCampaign({ kills, seed, lanes: 9, program, directory: tempDir() });
  expect(aftermaths).toHaveLength(kills * Object.keys(gaps).length);
  const wrongs = aftermaths.filter((aftermath) => aftermath.wrongs.length > 0);
  expect(wrongs, `seed ${seed}`).toEqual([]);
});
