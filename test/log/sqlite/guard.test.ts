/**
 * Files that are deleted or replaced underneath an open log are noticed before anything is
 * promised.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { openLog } from './open-for-test.ts';

const files = ['log.db', 'log.db-wal', 'log.db-shm'];

/** What people and their tools do to a directory. */
const mishaps: readonly [what: string, happen: (directory: string) => void][] = [
  ['the log is deleted', (directory) => rmSync(join(directory, 'log.db'))],
  ['its write-ahead log is deleted', (directory) => rmSync(join(directory, 'log.db-wal'))],
  ['its index is deleted', (directory) => rmSync(join(directory, 'log.db-shm'))],
  [
    'all of it is deleted',
    (directory) => files.forEach((file) => void rmSync(join(directory, file))),
  ],
  [
    'a copy is put in its place',
    (directory) => {
      copyFileSync(join(directory, 'log.db'), join(directory, 'copy'));
      renameSync(join(directory, 'copy'), join(directory, 'log.db'));
    },
  ],
  [
    'its directory is moved away and made anew',
    (directory) => {
      renameSync(directory, `${directory}-moved`);
      mkdirSync(directory);
    },
  ],
];

it.each(mishaps)(
  '%s: the next append is not acknowledged, nor is any after it',
  async (_, happen) => {
    const directory = join(tempDir(), 'board');
    const log = await openLog(directory);
    await appended(log, write('task-1', 'no_stream'));
    happen(directory);
    await expect(log.append([write('task-1', 0)])).rejects.toMatchObject({
      code: 'log_replaced',
      outcomeUnknown: true,
    });
    await expect(log.append([write('task-1', 0)])).rejects.toMatchObject({
      code: 'log_replaced',
      outcomeUnknown: false,
    });
    await expect(log.readAll()).rejects.toMatchObject({ code: 'log_replaced' });
  },
);

it.each(mishaps)('%s: noticed within a second when nothing is written', async (_, happen) => {
  const directory = join(tempDir(), 'board');
  const reminders: { ms: number; fn: () => void }[] = [];
  const timers = {
    ...realPorts.timers,
    after(ms: number, fn: () => void) {
      reminders.push({ ms, fn });
      return () => {};
    },
  };
  const log = await openLog(directory, {}, { timers });
  happen(directory);
  expect(log.writingRefused()).toBeUndefined();
  expect(reminders).toHaveLength(1);
  expect(reminders[0]!.ms).toBeLessThanOrEqual(1_000);
  reminders[0]!.fn();
  expect(log.writingRefused()).toMatchObject({ code: 'log_replaced' });
});

it('what was acknowledged before the files were deleted can still be saved', async () => {
  const directory = join(tempDir(), 'board');
  const log = await openLog(directory);
  await appended(log, write('task-1', 'no_stream', 3));
  const before = await everything(log);
  for (const file of files) {
    rmSync(join(directory, file));
  }
  await expect(log.append([write('task-1', 2)])).rejects.toMatchObject({ code: 'log_replaced' });
  const rescue = join(dirname(directory), 'rescue', 'log.db');
  mkdirSync(dirname(rescue), { mode: 0o700 });
  await log.backup(rescue);
  const rescued = await openLog(dirname(rescue), { mode: 'read' });
  expect((await everything(rescued)).slice(0, 3)).toEqual(before);
});

it('a program that comes later does not begin a new log where one was lost', async () => {
  const directory = join(tempDir(), 'board');
  const log = await openLog(directory);
  await appended(log, write('task-1', 'no_stream'));
  await log.close();
  rmSync(join(directory, 'log.db'));
  await expect(openLog(directory)).rejects.toMatchObject({ code: 'log_damaged' });
  expect(existsSync(join(directory, 'log.db'))).toBe(false);
});
