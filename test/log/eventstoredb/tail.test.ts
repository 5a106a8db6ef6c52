/** The end of a cluster log: positions in the order of arrival, and never the same event twice. */
import { expect, it, onTestFinished } from 'vitest';
import type { ClusterEvent } from '../../../src/log/eventstoredb/encode.ts';
import { createTail } from '../../../src/log/eventstoredb/tail.ts';
import { openReplica } from '../../../src/log/sqlite/replica.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { anEvent, everything } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

async function aTail() {
  const replica = await openReplica(tempDir(), realPorts, { epoch: 'a-history', board: 'ops' });
  onTestFinished(() => replica.log.close());
  const faults: unknown[] = [];
  const tail = createTail({
    replica,
    timers: realPorts.timers,
    onFault: (fault) => faults.push(fault),
    onFull() {},
  });
  onTestFinished(() => tail.close(new Error('the test is over')));
  return { tail, replica, faults };
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
