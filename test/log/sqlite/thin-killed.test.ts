/** A program that thins a log is killed at any moment: what it leaves is sound, and goes on. */
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeBeatingRuns } from '../../kit/beating-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { everything } from '../an-event.ts';
import { kill, message, startChild } from '../run-child.ts';
import { openLog } from './open-for-test.ts';

const kills = 6;

test(`a thinning that is killed ${kills} times leaves a log that verifies, and is finished later`, {
  timeout: 120_000,
}, async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  await writeBeatingRuns(log, { runs: 60, beats: 300 });
  const others = (await everything(log)).filter(({ type }) => type !== 'HeartbeatRecorded');
  await log.close();

  const survivors: number[] = [];
  for (let round = 0; round < kills; round += 1) {
    const copy = tempDir();
    cpSync(directory, copy, { recursive: true });
    const child = await startChild('thinner', copy);
    for (let range = 0; range <= round; range += 1) await message(child);
    // Somewhere in the transaction, or behind it: what is promised holds at every moment.
    await pause(round % 5);
    await kill(child);
    survivors.push(await lookAt(copy, others.length));
  }
  expect(new Set(survivors).size).toBeGreaterThan(2);
});

/** Answers how many beats are left, having seen that everything else is there and verifies. */
async function lookAt(directory: string, others: number): Promise<number> {
  const log = await openLog(directory);
  expect((await log.verifyChain()).problem).toBeUndefined();
  const events = await everything(log);
  const left = events.filter(({ type }) => type === 'HeartbeatRecorded').length;
  const thinned = events.filter(({ type }) => type === 'LogThinned');
  const removed = thinned.map(({ data }) => JSON.parse(data).removed as number);
  expect(left + removed.reduce((sum, count) => sum + count, 0)).toBe(60 * 300);
  expect(events).toHaveLength(others + left + thinned.length);
  await log.close();

  const child = await startChild('thinner', directory);
  await once(child, 'exit');
  const again = await openLog(directory);
  expect((await again.verifyChain()).problem).toBeUndefined();
  const rest = (await everything(again)).filter(({ type }) => type === 'HeartbeatRecorded');
  expect(rest.length).toBeLessThan(300);
  await again.close();
  return left;
}
