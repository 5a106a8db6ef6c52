/** A live log can be copied at any time; a copy becomes a new board with an epoch of its own. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { restoreBackup } from '../../../src/log/sqlite/restore.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { openLog } from './open-for-test.ts';

/** A log of 100 events, open, and a place for its backup. */
async function logAndPlace() {
  const directory = tempDir();
  const log = await openLog(join(directory, 'board'));
  await appended(log, write('task-1', 'no_stream', 100));
  return { directory, log, backup: join(directory, 'backup.db'), restored: join(directory, 'new') };
}

it('a backup restores to the same events under a new epoch, and goes on from there', async () => {
  const { log, backup, restored } = await logAndPlace();
  await log.backup(backup);
  await appended(log, write('task-1', 99));
  const epoch = await restoreBackup(backup, restored, realPorts);
  const copy = await openLog(restored);
  expect(copy.epoch).toBe(epoch);
  expect(copy.epoch).not.toBe(log.epoch);
  expect(await everything(copy)).toEqual((await everything(log)).slice(0, 100));
  await appended(copy, write('task-1', 99));
  expect((await copy.verifyChain()).problem).toBeUndefined();
});

it('a backup is a file for its owner alone, next to nothing else', async () => {
  const { directory, log, backup } = await logAndPlace();
  await log.backup(backup);
  expect(readdirSync(directory).sort()).toEqual(['backup.db', 'board']);
  expect(statSync(backup).mode & 0o777).toBe(0o600);
});

it('a backup taken while others write is one moment of the past, copied once', async () => {
  const { directory, log, backup, restored } = await logAndPlace();
  await appended(log, { stream: 'large', expected: 'no_stream', events: largeEvents(5) });
  const before = await everything(log);
  const other = await openLog(join(directory, 'board'));
  const appends: Promise<unknown>[] = [];
  const progress: number[] = [];
  await log.backup(backup, ({ done }) => {
    progress.push(done);
    if (appends.length < 20) {
      appends.push(other.append([write('task-2', 'any')]));
    }
  });
  await Promise.all(appends);
  expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
  await restoreBackup(backup, restored, realPorts);
  expect(await everything(await openLog(restored))).toEqual(before);
});

/** Events of a megabyte each: more than is copied in one step. */
function largeEvents(count: number) {
  const data = JSON.stringify('x'.repeat(1_000_000));
  return Array.from({ length: count }, () => anEvent({ data }));
}

it('neither a backup nor a restore ever overwrites anything', async () => {
  const { log, backup, restored } = await logAndPlace();
  writeFileSync(backup, 'precious');
  await expect(log.backup(backup)).rejects.toMatchObject({ code: 'file_exists' });
  expect(readFileSync(backup, 'utf8')).toBe('precious');
  const other = `${backup}-2`;
  await log.backup(other);
  await restoreBackup(other, restored, realPorts);
  await expect(restoreBackup(other, restored, realPorts)).rejects.toMatchObject({
    code: 'file_exists',
  });
});

it('a backup that does not verify is not restored, and leaves nothing behind', async () => {
  const { log, backup, restored } = await logAndPlace();
  await log.backup(backup);
  const bytes = readFileSync(backup);
  bytes[bytes.indexOf('SomethingHappened', bytes.length / 2)]! ^= 1;
  writeFileSync(backup, bytes);
  await expect(restoreBackup(backup, restored, realPorts)).rejects.toMatchObject({
    code: 'log_damaged',
  });
  expect(existsSync(restored)).toBe(false);
});

it('a log in use is no backup', async () => {
  const { directory, restored } = await logAndPlace();
  const live = join(directory, 'board', 'log.db');
  await expect(restoreBackup(live, restored, realPorts)).rejects.toMatchObject({
    code: 'not_a_backup',
  });
  expect(existsSync(restored)).toBe(false);
});
