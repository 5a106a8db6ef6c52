/** Several processes share one log: nothing acknowledged is lost, nothing is won twice. */
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, everything, write } from '../an-event.ts';
import { kill, message, startChild } from '../run-child.ts';
import { openLog } from './open-for-test.ts';

it('of processes that race for the versions of one stream exactly one wins each', async () => {
  const directory = tempDir();
  const racers = await Promise.all(
    Array.from({ length: 4 }, () => startChild('racer', directory, 'task-1', '60')),
  );
  const wins = await Promise.all(racers.map((racer) => message<Win[]>(racer)));
  const log = await openLog(directory);
  const stored = (await log.readStream('task-1')).map(({ version, id }) => ({ version, id }));
  expect(wins.flat().sort((a, b) => a.version - b.version)).toEqual(stored);
  expect(stored).toHaveLength(60);
});

it('a process that is killed while it writes loses nothing it was promised', async () => {
  const directory = tempDir();
  const promised = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const writer = await startChild('writer', directory);
    const enough = promised.size + 2 + 10 * round;
    writer.on('message', (ids: string[]) => {
      for (const id of ids) {
        promised.add(id);
      }
    });
    while (promised.size < enough) {
      await message(writer);
    }
    await kill(writer);
    const log = await openLog(directory);
    const stored = (await everything(log)).map(({ id }) => id);
    expect([...promised].filter((id) => !new Set(stored).has(id))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored.length % 2).toBe(0);
    expect((await log.verifyChain()).problem).toBeUndefined();
    await log.close();
  }
}, 60_000);

it('a reader sees what another process appends, as it happens', async () => {
  const directory = tempDir();
  const log = await openLog(directory);
  const reader = await openLog(directory, { mode: 'read' });
  await appended(log, write('task-1', 'no_stream'));
  const heard = new Promise<void>((resolve) => {
    onceHinted(reader, resolve);
  });
  const writer = await startChild('writer', directory);
  const [ids] = (await once(writer, 'message')) as [string[]];
  await heard;
  expect((await everything(reader)).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
});

interface Win {
  readonly version: number;
  readonly id: string;
}

function onceHinted(log: { onHint(listener: () => void): () => void }, then: () => void): void {
  const stop = log.onHint(() => {
    stop();
    then();
  });
}
