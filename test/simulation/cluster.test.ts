/**
 * The same world over a log that is not atomic: up to three hosts, processes that get no further
 * than the first write of an append, and everybody else's writes between two of them.
 */
import { expect, it } from 'vitest';
import { sweep } from '../../tools/simulate/sweep.ts';
import { told } from './told.ts';

const timeoutMs = 300_000;

it(
  'the dispatchers keep their promises where an append is several commits',
  async () => {
    const { broken, runs } = await sweep({ from: 1, seeds: 300, sizes: { isCluster: true } });
    expect(broken.map((story) => `${told(story)} (--cluster)`)).toEqual([]);
    expect(runs).toBeGreaterThan(1_000);
  },
  timeoutMs,
);
