/** Seals tell a host whether the cluster still has what other hosts have read there. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { openClusterLog } from '../../src/log/eventstoredb/open.ts';
import { idsOf, writeBeatingRuns } from '../kit/beating-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from '../log/real-ports.ts';
import type { Recorded } from '../loopback/store.ts';
import { aNode, copier } from './copy-sides.ts';

async function seal(log: EventLog): Promise<number> {
  const { position: upTo, hash: digest } = await log.head();
  const cause = { commandId: 'c', $correlationId: 'c', $causationId: 'c' };
  const actor = { kind: 'dispatcher', id: 'd-1' } as const;
  const meta = { actor, surface: 'dispatcher', ...cause, at: 0 } as const;
  const event = codec.encode(randomUUID(), { type: 'LogSealed', data: { upTo, digest } }, meta);
  await log.append([{ stream: 'board', expected: 'any', events: [event] }]);
  return upTo;
}

/** A board that was sealed twice, with a run of two tasks before each seal and after both. */
async function sealedBoard() {
  const node = await aNode();
  const url = `${node.url}&board=ops`;
  const log = await openClusterLog(url, tempDir(), realPorts);
  const seals: number[] = [];
  for (const batch of ['A', 'B', 'C']) {
    await writeBeatingRuns(log, { runs: 2, beats: 5, batch });
    if (batch !== 'C') seals.push(await seal(log));
  }
  await log.close();
  return { node, url, seals };
}

/** What a host finds that has never read this cluster before. */
async function newHost(url: string) {
  const directory = tempDir();
  await (await openClusterLog(url, directory, realPorts, { mode: 'read' })).close();
  const { verify, audit } = copier();
  return { problems: (await verify(directory)).problems, audit: () => audit(directory) };
}

const { runId, taskId } = idsOf(1, 'B');

test.each<[string, (record: Recorded) => Recorded | undefined]>([
  [
    'another time in an event',
    (record) => {
      const metadata = Buffer.from(
        String(Buffer.from(record.metadata)).replace(/"at":1/, '"at":2'),
      );
      return record.stream === `ops.run-${runId}` && record.revision === 2
        ? { ...record, metadata }
        : record;
    },
  ],
  [
    'no trace of a run',
    ({ stream, ...rest }) => (stream === `ops.run-${runId}` ? undefined : { stream, ...rest }),
  ],
  [
    'no trace of a task',
    ({ stream, ...rest }) => (stream === `ops.task-${taskId}` ? undefined : { stream, ...rest }),
  ],
])('%s is found by the first seal after it', async (_, change) => {
  const { node, url, seals } = await sealedBoard();
  const before = await newHost(url);
  expect(before.problems).toEqual([]);
  expect(await before.audit()).toContain('LogSealed');

  node.store.rewrite(change);

  const after = await newHost(url);
  const [first, second] = seals as [number, number];
  const where = `something between positions ${first + 1} and ${second} is not what was sealed`;
  expect(after.problems.filter(({ kind }) => kind === 'chain')).toEqual([
    expect.objectContaining({
      found: expect.stringContaining(where),
      event: expect.objectContaining({ type: 'LogSealed', version: 2 }),
    }),
  ]);
  await expect(after.audit()).rejects.toMatchObject({ code: 'log_damaged' });
});
