/** Two thousand simulations of the program as it is: no promise is broken, whatever goes wrong. */
import { describe, expect, it } from 'vitest';
import { sweep } from '../../tools/simulate/sweep.ts';
import { told } from './told.ts';

/** Long enough for a machine with other things to do. */
const timeoutMs = 600_000;

describe('the dispatchers, in a world where everything goes wrong', () => {
  it.each([1, 501, 1_001, 1_501])(
    'keep their promises from seed %d on',
    async (from) => {
      const { broken, runs } = await sweep({ from, seeds: 500 });
      expect(broken.map(told)).toEqual([]);
      expect(runs).toBeGreaterThan(500);
    },
    timeoutMs,
  );
});
