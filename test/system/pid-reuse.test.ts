/** A pid that is used again deceives nobody. `npm run pid-reuse` does it a thousand times. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { runInside, whyNotPermitted } from '../../tools/pid-reuse/namespace.ts';
import type { Findings } from '../../tools/pid-reuse/reuse.ts';
import { bundleChild } from '../kit/child.ts';
import { testUnless } from '../kit/test-where.ts';

const reuses = 30;

const obstacle = whyNotPermitted();
const missing = obstacle === undefined ? undefined : `pid reuse: no pid namespace (${obstacle})`;

testUnless(missing)(
  `no stranger with a dead worker's pid gets a signal, and no dead one is alive: ${reuses} times`,
  async () => {
    const program = await bundleChild(
      fileURLToPath(new URL('../../tools/pid-reuse/reuse.ts', import.meta.url)),
    );
    const findings = JSON.parse(await runInside(program, [String(reuses)])) as Findings;
    expect(findings.wrongs).toEqual([]);
    expect(findings.reuses).toBe(reuses);
  },
);
