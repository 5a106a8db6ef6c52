/**
 * Real processes over one real board, in the shapes of `npm run stress`, as small as they can be:
 * every answer explained, every invariant kept, nothing stale accepted.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Measures } from '../../tools/stress/hand.ts';
import { type Played, playShape } from '../../tools/stress/play.ts';
import { shapes } from '../../tools/stress/shapes.ts';
import { bundleChild } from '../kit/child.ts';
import { chosenSeed } from '../kit/seed.ts';
import { tempDir } from '../kit/temp-dir.ts';

const { seed = 1 } = chosenSeed;
const timeout = 180_000;

test('whoever takes longer than its lease is reclaimed, and its completion refused', {
  timeout,
}, async () => {
  const { figures, problems } = await play('reclaim-race', {
    processes: 4,
    tasks: 20,
    forMs: 5_000,
    leaseMs: 200,
    workMs: [340, 460],
    everyMs: 40,
    backoffMs: 80,
  });

  expect(problems).toEqual([]);
  expect(figures).toMatchObject({ staleAccepted: 0 });
  expect(figures['reclaims']).toBeGreaterThan(0);
  expect(figures['completionsStale']).toBeGreaterThan(0);
});

test('a completion and a reclaim that meet have one winner, and both are told who', {
  timeout,
}, async () => {
  const { figures, problems } = await play('photo-finish', { processes: 3, forMs: 2_500 });

  expect(problems).toEqual([]);
  expect(figures).toMatchObject({ staleAccepted: 0 });
});

test('a worker that stood still while another did its work can change nothing', {
  timeout,
}, async () => {
  const { figures, problems } = await play('zombie', { processes: 3, tasks: 12 });

  expect(problems).toEqual([]);
  expect(figures).toMatchObject({ completions: 12, completionsStale: 12, staleAccepted: 0 });
  expect(figures).toMatchObject({ completionsForeign: 3 });
});

test('a task that is offered to all at once is claimed by one', { timeout }, async () => {
  const { figures, problems } = await play('claims-race', { processes: 4, tasks: 40 });

  expect(problems).toEqual([]);
  expect(figures).toMatchObject({ claims: 40, claimsRefused: 120, completions: 40 });
});

test('no child is claimed before its parent is done, and then by one', { timeout }, async () => {
  const { problems } = await play('parent-gate', { processes: 3, tasks: 12 });

  expect(problems).toEqual([]);
});

test('several workers empty one queue', { timeout }, async () => {
  const { figures, problems } = await play('concurrency', {
    processes: 3,
    tasks: 40,
    workMs: [1, 20],
  });

  expect(problems).toEqual([]);
  expect(figures).toMatchObject({ completions: 40 });
});

test('work, blocks, releases and tasks put away come to an end together', {
  timeout,
}, async () => {
  const { problems } = await play('mixed', { processes: 3, tasks: 60, workMs: [1, 20] });

  expect(problems).toEqual([]);
});

async function play(name: string, smaller: Partial<Measures>): Promise<Played> {
  const program = await bundleChild(
    fileURLToPath(new URL('../../tools/stress/stress-process.ts', import.meta.url)),
  );
  const shape = shapes[name]!;
  const measures = { ...shape.full, ...smaller };
  return playShape(shape, { directory: tempDir(), program, seed, measures });
}
