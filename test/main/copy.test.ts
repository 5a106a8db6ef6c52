/** A board is copied between directories and clusters, and is the same board there. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openClusterLog } from '../../src/log/eventstoredb/open.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { openBoardLog } from '../../src/main/board-log.ts';
import { archiveAll } from '../kit/archive-log.ts';
import { type Beating, beganAtMs, writeBeatingRuns } from '../kit/beating-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { thinAll } from '../kit/thin-log.ts';
import { anEvent, appended, everything, write } from '../log/an-event.ts';
import { realPorts } from '../log/real-ports.ts';
import { aLog, aNode, copier } from './copy-sides.ts';

const beating: Beating = { runs: 12, beats: 60, isOpen: (run) => run === 11 };
const longAfterMs = beganAtMs + 30 * 86_400_000;

/** A board whose runs beat, and what was done to it since. */
async function beaten(then: 'nothing' | 'thinned' | 'archived') {
  const { directory, log } = await aLog();
  await writeBeatingRuns(log, beating);
  if (then !== 'nothing') await thinAll(log, longAfterMs);
  if (then === 'archived') await archiveAll(log, longAfterMs);
  return { directory, log };
}

const newDirectory = () => join(tempDir(), 'copy');

describe('there and back', () => {
  test.each(['nothing', 'thinned', 'archived'] as const)(
    'a log to which %s was done has the same export, byte for byte, and verifies everywhere',
    async (done) => {
      const { directory } = await beaten(done);
      const node = await aNode();
      const { copy, audit, verify } = copier();
      const [url, elsewhere, back] = [
        `${node.url}&board=ops`,
        `${node.url}&board=two`,
        newDirectory(),
      ];

      const there = await copy(directory, url);
      await copy(url, elsewhere);
      const here = await copy(elsewhere, back);

      expect({ ...here, from: '', to: '' }).toEqual({ ...there, from: '', to: '' });
      expect(await audit(back)).toBe(await audit(directory));
      expect((await verify(back)).problems).toEqual([]);
      const replica = tempDir();
      await (await openClusterLog(url, replica, realPorts)).close();
      expect((await verify(replica)).problems).toEqual([]);
    },
    60_000,
  );

  test('texts in any script, odd payloads and 10,000 events are the same', async () => {
    const { directory, log } = await aLog();
    const odd = [
      '[1, 2]',
      '"text"',
      'null',
      '{"a": 1.0}',
      '{"logboard":{"by":"x"}}',
      '{"é":"\\u00e9"}',
    ];
    for (const [index, text] of odd.entries()) {
      const event = anEvent({ data: text, meta: text, type: `起きた-${index}` });
      await appended(log, { stream: `task-船.体:塗る ${index} 🚢`, expected: -1, events: [event] });
    }
    for (let index = 0; index < 1_000; index += 1) {
      await appended(log, write(`task-${index}`, 'no_stream', 9), write('board', 'any'));
    }
    const node = await aNode();
    const { copy } = copier();
    const back = newDirectory();
    await copy(directory, `${node.url}&board=ops`);
    expect(await copy(`${node.url}&board=ops`, back)).toMatchObject({ position: 10_006 });
    const reading = await openSqliteLog(back, realPorts, { mode: 'read' });
    expect(await everything(reading)).toEqual(await everything(log));
    await reading.close();
  }, 60_000);
});

describe('a board that goes on', () => {
  test.each(['cluster', 'directory'])(
    'is copied to a %s up to now, and later the rest',
    async (to) => {
      const { directory, log } = await beaten('nothing');
      const target = to === 'directory' ? newDirectory() : `${(await aNode()).url}&board=ops`;
      const { copy } = copier();
      const first = await copy(directory, target);
      await appended(log, write('task-late', 'no_stream', 3));

      const second = await copy(directory, target);

      expect(second).toMatchObject({ position: first.position + 3, wasAt: first.position });
      expect(second.hash).toBe((await log.head()).hash);
      expect(await copy(directory, target)).toMatchObject({
        hash: second.hash,
        wasAt: second.position,
      });
    },
  );

  test('is told of when it has grown while it was copied', async () => {
    const { directory, log } = await aLog();
    await appended(log, write('task-1', 'no_stream'));
    const node = await aNode();
    const stop = node.store.onGrown(() => {
      stop();
      void log.append([write('task-2', 'no_stream')]);
    });
    const copied = await copier().copy(directory, `${node.url}&board=ops`);
    expect(copied).toMatchObject({ position: 1, sourceAt: 2 });
  });

  test('goes on at the other place as the same board', async () => {
    const { directory, log } = await aLog();
    await appended(log, write('task-1', 'no_stream', 2));
    const node = await aNode();
    const url = `${node.url}&board=ops`;
    await copier().copy(directory, url);
    const there = await openClusterLog(url, tempDir(), realPorts);
    expect(there.epoch).toBe(log.epoch);
    expect(await appended(there, write('task-1', 1))).toMatchObject({ position: 3, versions: [2] });
    await there.close();
  });
});

test('a directory whose board lives on a cluster stands for the board there', async () => {
  const { directory, log } = await aLog();
  await appended(log, write('task-1', 'no_stream', 2));
  const node = await aNode();
  const host = newDirectory();
  const request = { access: 'create', encrypt: undefined, log: `${node.url}&board=ops` } as const;
  const { copy } = copier();
  await copy(directory, request.log);
  const there = await openBoardLog(host, request, realPorts);
  await there.close();
  await appended(log, write('task-2', 'no_stream'));
  await copy(directory, request.log);
  expect(await copy(host, newDirectory())).toMatchObject({ hash: (await log.head()).hash });
});

describe('nothing is copied', () => {
  test.each(['cluster', 'directory'])('to a %s where there is something else', async (to) => {
    const [one, other] = [await aLog(), await aLog()];
    await appended(one.log, write('task-1', 'no_stream', 2));
    await appended(other.log, write('task-1', 'no_stream'));
    const { copy } = copier();
    const target = to === 'directory' ? newDirectory() : `${(await aNode()).url}&board=ops`;
    await copy(other.directory, target);
    const copying = copy(one.directory, target);
    await expect(copying).rejects.toMatchObject({ code: 'copy_target_differs' });
    const back = newDirectory();
    await copy(target, back);
    expect(readdirSync(back)).toEqual(['log.db']);
  });

  test.each(['cluster', 'directory'])('to a %s where the board has gone on', async (to) => {
    const { directory, log } = await aLog();
    await appended(log, write('task-1', 'no_stream'));
    const target = to === 'directory' ? newDirectory() : `${(await aNode()).url}&board=ops`;
    const { copy } = copier();
    await copy(directory, target);
    const there =
      to === 'directory'
        ? await openSqliteLog(target, realPorts)
        : await openClusterLog(target, tempDir(), realPorts);
    await appended(there, write('task-1', 0));
    await there.close();
    await expect(copy(directory, target)).rejects.toMatchObject({ code: 'copy_target_differs' });
    await appended(log, write('task-2', 'no_stream', 2));
    await expect(copy(directory, target)).rejects.toMatchObject({ code: 'copy_target_differs' });
  });

  test('of a board that was thinned since it was copied, onto that copy', async () => {
    const { directory, log } = await beaten('nothing');
    const target = newDirectory();
    const { copy } = copier();
    await copy(directory, target);
    await thinAll(log, longAfterMs);
    await expect(copy(directory, target)).rejects.toMatchObject({ code: 'copy_thinned_since' });
    await copy(directory, newDirectory());
  });

  test('of text that is encrypted, and the target stays empty', async () => {
    const { directory, log } = await aLog();
    const sealed = anEvent({ data: '{"$sealed":{"v":1,"key":"T-1","fields":{},"box":""}}' });
    await appended(log, { stream: 'task-1', expected: -1, events: [anEvent(), sealed] });
    const [node, target] = [await aNode(), newDirectory()];
    const { copy } = copier();
    const sides = [`${node.url}&board=ops`, target];
    for (const side of sides) {
      await expect(copy(directory, side)).rejects.toMatchObject({ code: 'copy_sealed' });
    }
    expect(node.store.all).toEqual([]);
    expect(readdirSync(target)).toEqual([]);
  });

  test('from a cluster that has another event there than it had', async () => {
    const { directory, log } = await aLog();
    await appended(log, write('task-1', 'no_stream', 3));
    const node = await aNode();
    const url = `${node.url}&board=ops`;
    const { copy } = copier();
    await copy(directory, url);
    node.store.rewrite((record) =>
      record.revision === 1 ? { ...record, data: Buffer.from('{"what":"else"}') } : record,
    );
    await expect(copy(directory, url)).rejects.toMatchObject({ code: 'copy_target_differs' });
  });

  test('from a cluster that is away, whatever an earlier copy has left here', async () => {
    const [one, other] = [await aLog(), await aLog()];
    await appended(one.log, write('task-1', 'no_stream'));
    await appended(other.log, write('task-1', 'no_stream'));
    const node = await aNode();
    const { copy } = copier();
    await copy(one.directory, `${node.url}&board=ops`);
    const [taken, free] = [newDirectory(), newDirectory()];
    await copy(other.directory, taken);
    const onto = copy(`${node.url}&board=ops`, taken);
    await expect(onto).rejects.toMatchObject({ code: 'copy_target_differs' });
    await node.stop();
    const copying = copy(`${node.url}&board=ops`, free);
    await expect(copying).rejects.toMatchObject({ code: 'log_unreachable' });
    expect(existsSync(free)).toBe(false);
  });
});
