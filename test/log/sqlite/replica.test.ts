/** A replica: a log of this host that is filled from elsewhere, by whichever process is first. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { StoredEvent } from '../../../src/log/event-log.ts';
import { openReplica } from '../../../src/log/sqlite/replica.ts';
import { restoreBackup } from '../../../src/log/sqlite/restore.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { openDatabase } from '../../../src/sqlite/open.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

const of = { epoch: 'a-history', board: 'ops' };

async function replicaIn(directory: string, other: Partial<typeof of> = {}) {
  const replica = await openReplica(directory, realPorts, { ...of, ...other });
  onTestFinished(() => replica.log.close());
  return replica;
}

/** The first events of a cluster's log, always the same ones. */
const story: readonly StoredEvent[] = Array.from({ length: 6 }, (_, index) => ({
  ...anEvent(),
  stream: `task-${index % 2}`,
  version: Math.floor(index / 2),
  position: index + 1,
  recordedAtMs: 1_700_000_000_000 + index,
}));

const at = (commit: number) => ({ commit: BigInt(commit), prepare: BigInt(commit) });

it('what is added twice, or in part, is there once, and every host has the same head', async () => {
  const directory = tempDir();
  const [one, other, elsewhere] = [
    await replicaIn(directory),
    await replicaIn(directory),
    await replicaIn(tempDir()),
  ];
  await one.apply(story.slice(0, 4), at(400));
  await other.apply(story.slice(2, 6), at(600));
  await one.apply(story.slice(4), at(600));
  await elsewhere.apply(story, at(600));
  expect(await everything(one.log)).toEqual(story);
  expect(await one.log.head()).toEqual(await elsewhere.log.head());
  expect(await one.log.verifyChain()).toMatchObject({ problem: undefined });
});

it('what another process has added by now waits for nobody', async () => {
  const directory = tempDir();
  const [one, other] = [await replicaIn(directory), await replicaIn(directory)];
  await one.apply(story, at(600));
  const busy = openDatabase({ path: join(directory, 'log.db'), durability: 'normal' });
  onTestFinished(() => void busy.close());
  busy.exec('BEGIN IMMEDIATE');
  await other.apply(story, at(600));
  const more = { ...anEvent(), stream: 'task-9', version: 0, position: 7, recordedAtMs: 1 };
  const waiting = other.apply([more], at(700));
  busy.exec('COMMIT');
  await waiting;
  expect(await everything(one.log)).toHaveLength(7);
});

it('remembers how far the cluster was looked through, and never less', async () => {
  const directory = tempDir();
  const replica = await replicaIn(directory);
  expect(replica.checkpoint()).toEqual({ position: 0, source: undefined });
  await replica.apply(story.slice(0, 2), { commit: 9n, prepare: 7n });
  await replica.apply([], { commit: 2n ** 62n, prepare: 2n ** 62n - 1n });
  await replica.apply([], at(10));
  const again = await replicaIn(directory);
  expect(again.checkpoint()).toEqual({
    position: 2,
    source: { commit: 2n ** 62n, prepare: 2n ** 62n - 1n },
  });
});

it.each([
  ['alone', [], undefined],
  ['with what follows', [story[2]!], at(300)],
])('another event where there is one already is damage: %s', async (_, following, place) => {
  const replica = await replicaIn(tempDir());
  await replica.apply(story.slice(0, 2), at(200));
  const other = [{ ...story[1]!, id: 'another' }, ...following];
  await expect(replica.apply(other, place)).rejects.toMatchObject({ code: 'log_damaged' });
  expect(replica.checkpoint()).toEqual({ position: 2, source: at(200) });
  await expect(everything(replica.log)).rejects.toMatchObject({ code: 'log_damaged' });
});

it.each([
  ['store', { epoch: 'another-history' }],
  ['board', { board: 'dev' }],
])('a replica of another %s is refused', async (_, other) => {
  const directory = tempDir();
  await replicaIn(directory);
  await expect(replicaIn(directory, other)).rejects.toMatchObject({ code: 'log_other_store' });
});

it('a log that lives here never becomes a replica, nor the other way round', async () => {
  const [own, copied] = [tempDir(), tempDir()];
  const log = await openSqliteLog(own, realPorts);
  await appended(log, write('task-1', 'no_stream'));
  await log.close();
  await expect(replicaIn(own)).rejects.toMatchObject({ code: 'log_not_replica' });

  await (await replicaIn(copied)).apply(story, at(600));
  await expect(openSqliteLog(copied, realPorts)).rejects.toMatchObject({ code: 'log_is_replica' });
  const reading = await openSqliteLog(copied, realPorts, { mode: 'read' });
  expect(await everything(reading)).toEqual(story);
  await reading.close();
});

it('a backup of a replica is restored to a log that lives here', async () => {
  const replica = await replicaIn(tempDir());
  await replica.apply(story, at(600));
  const [backup, directory] = [join(tempDir(), 'backup.db'), join(tempDir(), 'board')];
  await replica.log.backup(backup);
  await restoreBackup(backup, directory, realPorts);
  const log = await openSqliteLog(directory, realPorts);
  onTestFinished(() => log.close());
  expect(log.epoch).not.toBe(of.epoch);
  await appended(log, write('task-9', 'no_stream'));
  expect(await everything(log)).toHaveLength(story.length + 1);
});
