/** A replica that cannot be written for a while, on a host whose cluster is well. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { aLogAt, aNode } from './a-cluster-log.ts';

/** A clock that can be put forward, so that nobody waits as long as a writer does. */
function aSteppedClock() {
  let aheadMs = 0;
  const { nowMs, monoMs } = realPorts.clock;
  return {
    clock: { nowMs, monoMs: () => monoMs() + aheadMs },
    step: (ms: number) => {
      aheadMs += ms;
    },
  };
}

it('is reported, and appends are taken on as soon as it is free', async () => {
  const directory = tempDir();
  const { clock, step } = aSteppedClock();
  const node = await aNode();
  const { log, troubles } = await aLogAt(node.url, { directory, ports: { ...realPorts, clock } });
  await appended(log, write('task-1', 'no_stream'));
  expect(await everything(log)).toHaveLength(1);

  const other = new Database(join(directory, 'log.db'));
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  await appended(log, write('task-1', 0));
  await eventually('the write gave up', () => {
    step(1_000);
    return troubles.some(({ code }) => code === 'log_busy');
  });
  expect(log.writingRefused()).toBeUndefined();

  other.exec('ROLLBACK');
  await appended(log, write('task-1', 1));
  expect(await everything(log)).toHaveLength(3);
});
