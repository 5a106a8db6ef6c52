/** A copy that is killed at any moment goes on when it is begun again, and comes to the same. */
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openClusterLog } from '../../src/log/eventstoredb/open.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { writeBeatingRuns } from '../kit/beating-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { thinAll } from '../kit/thin-log.ts';
import { realPorts } from '../log/real-ports.ts';
import { startChild } from '../log/run-child.ts';
import { aLog, aNode, copier } from './copy-sides.ts';

const beating = { runs: 20, beats: 60, together: 1 };

/** Where a copy is killed: a stage, how far it has come, and so many ms later. */
const moments = [
  ['looking', 1, 0],
  ['copying', 1, 0],
  ['copying', 1_400, 2],
  ['copying', 2_000, 0],
  ['verifying', 1, 0],
] as const;

async function killedAt(moment: (typeof moments)[number], args: readonly string[]) {
  const child = await startChild('copier', ...args, ...moment.map(String));
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

/** What is not whole is no board yet. */
async function refuseToOpen(place: string): Promise<void> {
  const options = { mode: 'read', create: false } as const;
  const opening = place.startsWith('esdb:')
    ? openClusterLog(place, tempDir(), realPorts, options)
    : openSqliteLog(place, realPorts, options);
  await expect(opening).rejects.toMatchObject({ code: 'no_log' });
}

test.each(['to a cluster', 'from a cluster', 'to a directory'])(
  'a copy %s is killed at one stage after the other, and then completed',
  async (which) => {
    const { directory, log } = await aLog();
    await writeBeatingRuns(log, beating);
    await thinAll(log, Number.MAX_SAFE_INTEGER);
    await writeBeatingRuns(log, { ...beating, batch: 'B' });
    const url = `${(await aNode()).url}&board=ops`;
    const target = join(tempDir(), 'copy');
    const home = tempDir();
    const { copy, audit, verify } = copier(home);
    if (which === 'from a cluster') await copy(directory, url);
    const from = which === 'from a cluster' ? url : directory;
    const to = which === 'to a cluster' ? url : target;

    for (const moment of moments) {
      await killedAt(moment, [home, from, to]);
      await refuseToOpen(to);
    }
    const copied = await copy(from, to);

    expect(copied.wasAt).toBeGreaterThan(1_500);
    expect(copied.hash).toBe((await log.head()).hash);
    if (which === 'to a cluster') await copy(url, target);
    expect((await verify(target)).problems).toEqual([]);
    expect(await audit(target)).toBe(await audit(directory));
  },
  120_000,
);
