/** Readers wake up when somebody appends: by the hint, and if that is lost, by looking. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EventLog } from '../../../src/log/event-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { openLog } from './open-for-test.ts';

const heard = (log: EventLog) =>
  new Promise<void>((resolve) => {
    const stop = log.onHint(() => {
      stop();
      resolve();
    });
  });

/** Timers whose background reminders never come. */
const withoutPolls = {
  ...realPorts.timers,
  after(ms: number, fn: () => void, hold?: 'keep_alive' | 'background') {
    return hold === 'background' ? () => {} : realPorts.timers.after(ms, fn, hold);
  },
};

it('by the wake file alone', async () => {
  const directory = tempDir();
  const writer = await openLog(directory);
  const reader = await openLog(directory, { mode: 'read' }, { timers: withoutPolls });
  const wakeUp = heard(reader);
  await appended(writer, write('task-1', 'no_stream'));
  await wakeUp;
});

it('by looking alone, when the wake file is gone', async () => {
  const directory = tempDir();
  const writer = await openLog(directory);
  rmSync(join(directory, 'wake'));
  const reader = await openLog(directory, { mode: 'read' });
  const wakeUp = heard(reader);
  await appended(writer, write('task-1', 'no_stream'));
  await wakeUp;
});

it('at once in the process that appends', async () => {
  const log = await openLog(tempDir(), {}, { timers: withoutPolls });
  let hints = 0;
  log.onHint(() => {
    hints += 1;
  });
  await appended(log, write('task-1', 'no_stream'));
  expect(hints).toBe(1);
});

it('not for an append that stored nothing', async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  await appended(log, write('task-1', 'no_stream'));
  let hints = 0;
  log.onHint(() => {
    hints += 1;
  });
  await log.append([write('task-1', 'no_stream')]);
  await log.append([{ stream: 'task-1', expected: 0, events: [] }]);
  expect(hints).toBe(0);
});

it('the wake file never grows', async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  for (let version = -1; version < 20; version += 1) {
    await appended(log, write('task-1', version));
  }
  expect(statSync(join(directory, 'wake')).size).toBe(1);
});

it('nothing is polled for while nobody listens', async () => {
  const reminders: number[] = [];
  const timers = {
    ...realPorts.timers,
    after(ms: number, fn: () => void, hold?: 'keep_alive' | 'background') {
      reminders.push(ms);
      return realPorts.timers.after(ms, fn, hold);
    },
  };
  const log = await openLog(tempDir(), {}, { timers });
  expect(reminders).toEqual([1_000]);
  log.onHint(() => {})();
  expect(reminders).toEqual([1_000, 50]);
});
