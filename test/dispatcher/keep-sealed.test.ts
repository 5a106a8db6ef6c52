/** Dispatchers look now and then whether the log is to be sealed. */
import { expect, onTestFinished, test } from 'vitest';
import type { Seal } from '../../src/app/seal-log.ts';
import { keepSealed } from '../../src/dispatcher/keep-sealed.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { appended, write } from '../log/an-event.ts';

test('the head of the log is offered again and again, whatever became of it before', async () => {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  const offered: Seal[] = [];
  const told: unknown[] = [];
  const sealLog = async (seal: Seal) => {
    offered.push(seal);
    if (offered.length === 1) throw new Error('the cluster is away');
    return { refused: false, position: 1, changed: true } as const;
  };
  const report = (kind: string, facts: object) => told.push({ kind, ...facts });
  const stop = keepSealed({ board: { log }, commands: { sealLog }, timers: clock, report });
  onTestFinished(stop);

  await appended(log, write('task-1', 'no_stream'));
  await clock.advance(30_000);
  await appended(log, write('task-1', 0));
  await clock.advance(30_000);
  await stop();
  await clock.advance(90_000);

  expect(offered.map(({ upTo }) => upTo)).toEqual([1, 2]);
  expect(offered[1]?.digest).toBe((await log.head()).hash);
  expect(told).toEqual([{ kind: 'fault', subject: 'seal', problem: 'Error: the cluster is away' }]);
});
