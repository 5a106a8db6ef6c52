/** A bit that flips in a stored log is noticed, or makes no difference; it never lies. */
import { expect, test } from 'vitest';
import { rot } from '../../tools/bitrot/attack.ts';
import { withScratch } from '../../tools/trial/scratch.ts';

test('a damaged byte is noticed or makes no difference, and a missing end is noticed', {
  timeout: 120_000,
}, async () => {
  const { broken, figures } = await withScratch((directory) =>
    rot({ events: 200, step: 197, seed: 1, directory }),
  );

  expect(broken).toEqual([]);
  expect(figures['found when read']).toBeGreaterThan(150);
  expect(figures['refused at opening']).toBeGreaterThan(0);
});
