/** Work on the log shares its process with timers and sockets. */
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { openLog } from './open-for-test.ts';

it('a loop over reads lets timers fire', async () => {
  const log = await openLog(tempDir());
  let hasFired = false;
  setTimeout(() => {
    hasFired = true;
  }, 1);
  for (let reads = 0; !hasFired && reads < 100_000; reads += 1) {
    await log.readAll();
  }
  expect(hasFired).toBe(true);
});

it('a verification lets others take their turns', async () => {
  let nowMs = 0;
  // Every look at the clock finds it 5 ms later: each page makes a long turn of the event loop.
  const clock = { nowMs: () => Date.now(), monoMs: () => (nowMs += 5) };
  // Timers of its own: who shares them shares the turns, and the clock that they are measured by.
  const log = await openLog(tempDir(), {}, { clock, timers: { ...realPorts.timers } });
  await appended(log, write('task-1', 'no_stream', 2_000));
  let turns = 0;
  let isDone = false;
  const countTurns = () => {
    turns += 1;
    if (!isDone) {
      setImmediate(countTurns);
    }
  };
  countTurns();
  await log.verifyChain();
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(5);
});

it('appends that wait for another process do not stop the event loop', async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  const other = new Database(`${directory}/log.db`);
  other.exec('BEGIN IMMEDIATE');
  const pending = log.append([write('task-1', 'no_stream')]);
  await new Promise((resolve) => realPorts.timers.after(20, () => resolve(undefined)));
  other.exec('COMMIT');
  other.close();
  expect(await pending).toMatchObject({ ok: true });
});

it('appends that arrive together share their commits', async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  const reader = await openLog(directory, { mode: 'read' });
  let hints = 0;
  log.onHint(() => {
    hints += 1;
  });
  await Promise.all(
    Array.from({ length: 100 }, (_, n) => log.append([write(`task-${n}`, 'no_stream')])),
  );
  expect(hints).toBe(1);
  expect((await reader.head()).position).toBe(100);
});
