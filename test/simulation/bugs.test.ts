/** The simulation finds what it is there for: every bug that can be planted, and soon. */
import { describe, expect, it } from 'vitest';
import { bugs } from '../../tools/simulate/bugs.ts';
import { hunt } from '../../tools/simulate/sweep.ts';

const seedsMax = 500;
const timeoutMs = 300_000;

describe('a planted bug', () => {
  it('is one of at least twenty, each with a name of its own', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
    expect(bugs.length).toBeGreaterThanOrEqual(20);
  });

  it.each(bugs.map((bug) => [bug.name, bug] as const))(
    'is found: %s',
    async (_name, bug) => {
      const story = await hunt(bug, seedsMax);
      expect(story?.violation).toMatchObject({ found: expect.any(String) });
    },
    timeoutMs,
  );
});
