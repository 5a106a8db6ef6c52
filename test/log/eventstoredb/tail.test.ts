/** The end of a cluster log: positions in the order of arrival, and never the same event twice. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { LogUnavailable } from '../../../src/log/event-log.ts';
import type { ClusterEvent } from '../../../src/log/eventstoredb/encode.ts';
import { createTail } from '../../../src/log/eventstoredb/tail.ts';
import { openReplica, type Replica } from '../../../src/log/sqlite/replica.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, everything } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

async function aTail(apply?: Replica['apply']) {
  const [directory, time] = [tempDir(), createFakeClock()];
  const ports = { ...realPorts, clock: time, timers: time };
  const replica = await openReplica(directory, ports, { epoch: 'a-history', board: 'ops' });
  onTestFinished(() => replica.log.close());
  const faults: unknown[] = [];
  const troubles: string[] = [];
  const tail = createTail({
    replica: { ...replica, ...(apply && { apply }) },
    timers: time,
    onFault: (fault) => faults.push(fault),
    onTrouble: ({ code }) => troubles.push(code),
    onFull() {},
  });
  onTestFinished(() => tail.close(new Error('the test is over')));
  return { tail, replica, time, directory, faults, troubles };
}

/** Another connection to the replica, which holds its write lock. */
function aBusyOther(directory: string) {
  const other = new Database(join(directory, 'log.db'));
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  return other;
}

const at = (commit: number) => ({ commit: BigInt(commit), prepare: BigInt(commit) });

function arriving(stream: string, version: number, commit: number): ClusterEvent {
  const place = { stream, version, source: at(commit), recordedAtMs: commit };
  const copied = { position: undefined, before: undefined, behind: undefined, isThinned: false };
  return { ...anEvent(), ...place, by: 'somebody', ...copied };
}

it('an event that comes again is passed over, wherever it is by then', async () => {
  const { tail, replica } = await aTail();
  const [first, second] = [arriving('a', 0, 100), arriving('b', 0, 200)];
  tail.take(first);
  tail.take(first);
  await tail.flush();
  tail.take(first);
  tail.take(second);
  tail.take(first);
  await tail.flush();
  expect((await everything(replica.log)).map(({ id }) => id)).toEqual([first.id, second.id]);
});

it('a place from before takes nothing back', async () => {
  const { tail, replica } = await aTail();
  tail.take(arriving('a', 0, 100));
  tail.note(at(300));
  tail.note(at(200));
  expect(tail.source()).toEqual(at(300));
  await tail.flush();
  expect(replica.checkpoint()).toEqual({ position: 1, source: at(300) });
});

it('a copied event keeps its time and its position, and the next one follows it', async () => {
  const { tail, replica } = await aTail();
  tail.take({ ...arriving('a', 0, 100), position: 7 });
  tail.take(arriving('a', 1, 200));
  await tail.flush();
  expect((await replica.log.readStream('a')).map(({ position }) => position)).toEqual([7, 8]);
});

it('who waits for an event hears of it when it arrives, or that it never will', async () => {
  const { tail } = await aTail();
  const second = tail.arrival('a', 1);
  tail.take(arriving('a', 0, 100));
  tail.take(arriving('a', 1, 200));
  expect(await second).toBe(2);
  expect(await tail.arrival('a', 0)).toBe(1);
  const never = expect(tail.arrival('a', 9)).rejects.toThrow('closed');
  tail.close(new Error('closed'));
  await never;
});

it('what a busy replica does not take is written once it does, though nobody reads', async () => {
  const { tail, replica, time, directory, faults, troubles } = await aTail();
  const other = aBusyOther(directory);
  tail.take(arriving('a', 0, 100));
  await time.advance(5_000);
  tail.take(arriving('a', 1, 200));
  await time.advance(8_000);
  expect(troubles).toEqual(['log_busy']);
  other.exec('ROLLBACK');
  await time.advance(2_000);
  expect(replica.checkpoint()).toEqual({ position: 2, source: at(200) });
  expect(faults).toEqual([]);
});

it('while the disk is full it is tried now and then, however much arrives', async () => {
  const full = { code: 'disk_full', hint: 'Free some space.', retryable: true };
  const { tail, time, faults, troubles } = await aTail(async () => {
    throw new LogUnavailable('The disk is full', full);
  });
  for (let version = 0; version < 50; version += 1) {
    tail.take(arriving('a', version, version + 1));
    await time.advance(100);
  }
  expect(troubles).toEqual(['disk_full', 'disk_full', 'disk_full']);
  expect(faults).toEqual([]);
});

it('what will never fit is told as a fault, and is not tried again', async () => {
  const { tail, replica, time, faults, troubles } = await aTail();
  await replica.apply([{ ...arriving('a', 0, 100), position: 1 }], at(100));
  tail.take(arriving('a', 0, 200));
  await time.advance(60_000);
  expect(faults).toHaveLength(1);
  expect(troubles).toEqual([]);
});

it('once closed, nothing is written that nobody asks for', async () => {
  const { tail, replica, time, directory } = await aTail();
  const other = aBusyOther(directory);
  tail.take(arriving('a', 0, 100));
  const last = expect(tail.flush()).rejects.toMatchObject({ code: 'log_busy' });
  tail.close(new Error('closed'));
  await time.advance(11_000);
  await last;
  other.exec('ROLLBACK');
  await time.advance(10_000);
  expect(replica.checkpoint().position).toBe(0);
});
