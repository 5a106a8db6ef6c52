/**
 * What takes its time comes to its end: orphans, crashes, tasks that nobody gave a hint of. How
 * long it takes is measured by `npm run delays`.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measureCrashes } from '../../tools/delays/crashes.ts';
import { measureHints } from '../../tools/delays/hints.ts';
import { measureOrphans } from '../../tools/delays/orphans.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';

const trial = () => ({ directory: join(tempDir(), 'trial') });
const patient = { timeout: 120_000 };

test(
  'workers that ignore TERM, fork and leave their session go with their run',
  patient,
  async () => {
    const findings = await measureOrphans({ ...trial(), runs: 5, killGraceMs: 300 });
    expect(findings.left).toEqual([]);
    expect(findings.goneMs).toHaveLength(5);
    // Launcher, worker and at least its five children.
    expect(findings.seen).toBeGreaterThanOrEqual(5 * 7);
  },
);

test('the run of a worker that was killed ends', patient, async () => {
  const delays = await measureCrashes({ ...trial(), runs: 3, by: 'SIGKILL', drainMs: 100 });
  expect(delays.every(Number.isFinite)).toBe(true);
});

test('every task is done although every hint of it is lost', patient, async () => {
  const program = await bundleChild(
    fileURLToPath(new URL('../../tools/trial/dispatcher-process.ts', import.meta.url)),
  );
  const { areAllDone } = await measureHints({ ...trial(), program, tasks: 3, areLost: true });
  expect(areAllDone).toBe(true);
});
