/** A live log can be copied at any time; a copy becomes a new board with an epoch of its own. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { restoreBackup } from '../../../src/log/sqlite/restore.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { message, startChild } from '../run-child.ts';
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

it('a backup taken while another process writes holds a whole past', async () => {
  const { directory, log, backup, restored } = await logAndPlace();
  const large = anEvent({ data: JSON.stringify('x'.repeat(1_000_000)) });
  for (let version = -1; version < 4; version += 1) {
    await appended(log, {
      stream: 'large',
      expected: version,
      events: [{ ...large, id: `${version}` }],
    });
  }
  const writer = await startChild('writer', join(directory, 'board'));
  await message(writer);
  const before = await log.head();
  const progress: number[] = [];
  await log.backup(backup, ({ done, total }) => progress.push(done / total));
  await restoreBackup(backup, restored, realPorts);
  const copy = await openLog(restored);
  const copied = await everything(copy);
  expect(copied.length).toBeGreaterThanOrEqual(before.position);
  expect(copied).toEqual((await everything(log)).slice(0, copied.length));
  expect(progress).toEqual([...progress].sort());
  expect(progress.at(-1)).toBe(1);
});

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
  expect(readdirSync(restored)).toEqual([]);
});

it('a log in use is no backup', async () => {
  const { directory, restored } = await logAndPlace();
  const live = join(directory, 'board', 'log.db');
  await expect(restoreBackup(live, restored, realPorts)).rejects.toMatchObject({
    code: 'not_a_backup',
  });
  expect(existsSync(restored)).toBe(false);
});
