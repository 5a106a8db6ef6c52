/** A program that archives is killed at every step: what it leaves is sound, and goes on. */
import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StoredEvent } from '../../../src/log/event-log.ts';
import { archiveAll } from '../../kit/archive-log.ts';
import { writeBeatingRuns } from '../../kit/beating-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { everything } from '../an-event.ts';
import { startChild } from '../run-child.ts';
import { openLog, rowsIn } from './open-for-test.ts';

/** Chunks of 500 are copied of 2,048 positions, then attested, then leave. */
const steps = { copying: [0, 2, 4], attesting: [5], moving: [6, 8] };

test('an archiving that is killed at any step leaves a sound log, and is finished later', {
  timeout: 120_000,
}, async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  await writeBeatingRuns(log, { runs: 10, beats: 290 });
  const before = await everything(log);
  await log.close();

  const left: string[] = [];
  for (const survived of Object.values(steps).flat()) {
    const copy = tempDir();
    cpSync(directory, copy, { recursive: true });
    const child = await startChild('archiver', copy, `${survived}`);
    const [, signal] = await once(child, 'exit');
    expect(signal, `after ${survived} steps`).toBe('SIGKILL');
    left.push(standing(copy));
    await expectSound(copy, before);
  }
  expect(left).toEqual([
    ...steps.copying.map(() => '1-2048.db.partial, all rows'),
    '1-2048.db, all rows',
    ...steps.moving.map(() => '1-2048.db, fewer rows'),
  ]);

  function standing(copy: string): string {
    const files = readdirSync(join(copy, 'segments'));
    const names = files.join().replace(/\.\d+(?=\.partial)/, '');
    const isWhole = rowsIn(copy).length >= before.length;
    return `${names}, ${isWhole ? 'all rows' : 'fewer rows'}`;
  }
});

/** Everything is there and verifies; archiving again finishes it and leaves one file. */
async function expectSound(directory: string, before: readonly StoredEvent[]): Promise<void> {
  const log = await openLog(directory);
  const facts = async () => (await everything(log)).filter(({ type }) => type !== 'LogSegmented');
  expect((await log.verifyChain()).problem).toBeUndefined();
  expect(await facts()).toEqual(before);
  await archiveAll(log, Number.MAX_SAFE_INTEGER);
  expect((await log.verifyChain()).problem).toBeUndefined();
  expect(await facts()).toEqual(before);
  expect(readdirSync(join(directory, 'segments'))).toEqual(['1-2048.db']);
  expect(rowsIn(directory).length).toBeLessThan(before.length - 1_900);
  await log.close();
}

test('others read and write while it goes on, and miss nothing', { timeout: 120_000 }, async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  await writeBeatingRuns(log, { runs: 20, beats: 290 });
  const before = await everything(log);
  const reader = await openLog(directory, { mode: 'read' });
  const child = await startChild('archiver', directory, '-1');
  let isOver = false;
  const over = once(child, 'exit').then(([code]) => {
    isOver = true;
    return code as number;
  });
  for (let round = 0; !isOver || round < 3; round += 1) {
    const event = { ...before[0]!, id: `another ${round}` };
    const written = log.append([{ stream: 'note-x', expected: round - 1, events: [event] }]);
    const [answer, seen] = await Promise.all([written, everything(reader)]);
    expect(answer).toMatchObject({ ok: true });
    expect(seen.slice(0, before.length)).toEqual(before);
    const positions = seen.map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
    const backward = await reader.readAll({ direction: 'backward', after: 3_000, limit: 2_999 });
    expect(backward).toEqual(before.slice(0, 2_999).toReversed());
  }
  expect(await over).toBe(0);
  expect(rowsIn(directory).length).toBeLessThan(before.length - 3_000);
  expect((await log.verifyChain()).problem).toBeUndefined();
});
