/** Whatever befalls the subscription, every event arrives once, in order, on every host. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnection } from '../../../src/log/eventstoredb/connection.ts';
import { openClusterLog } from '../../../src/log/eventstoredb/open.ts';
import { clusterPlace } from '../../../src/log/eventstoredb/place.ts';
import { eventually } from '../../kit/eventually.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { startLoopback } from '../../loopback/node.ts';
import { appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { aLogAt, aNode } from './a-cluster-log.ts';

const idsOf = async (log: Parameters<typeof everything>[0]) =>
  (await everything(log)).map(({ id, position }) => `${position} ${id}`);

describe('a host that only listens', () => {
  it.each<['reset' | 'end']>([['reset'], ['end']])(
    'hears everything although its subscription ends again and again: %s',
    async (how) => {
      const node = await aNode();
      const writer = await aLogAt(node.url);
      const reader = await aLogAt(node.url);
      for (let round = 0; round < 8; round += 1) {
        await appended(writer.log, write('task-1', round - 1));
        node.breakSubscriptions(how);
      }
      await appended(writer.log, write('task-1', 7));
      await eventually('all has arrived', async () => (await reader.log.head()).position === 9);
      expect(await idsOf(reader.log)).toEqual(await idsOf(writer.log));
    },
  );

  it('hears what a silent subscription does not bring', async () => {
    const node = await aNode();
    const writer = await aLogAt(node.url);
    const reader = await aLogAt(node.url);
    node.faults.muteSubscriptions = true;
    await appended(writer.log, write('task-1', 'no_stream', 3));
    await eventually('it was fetched', async () => (await reader.log.head()).position === 3);
  });

  it('begins a subscription again that has fallen silent for good', async () => {
    const node = await aNode();
    await aLogAt(node.url);
    await eventually('it follows', () => node.subscriptions() === 1);
    node.breakSubscriptions('mute');
    const writer = await aLogAt(node.url);
    await appended(writer.log, write('task-1', 'no_stream'));
    await eventually('there is a third one', () => node.subscriptionsEver() === 3);
    await eventually('the silent one is gone', () => node.subscriptions() === 2);
  });

  it('follows on when the client was replaced under it', async () => {
    const node = await aNode();
    const writer = await aLogAt(node.url, { silentMsMax: 60_000, tryMsMax: 100 });
    node.faults.appends.push('ignore');
    await appended(writer.log, write('task-1', 'no_stream'));
    await eventually('it has begun again', () => node.subscriptionsEver() === 2);
    expect(node.subscriptions()).toBe(1);
  });

  it('follows a server that says neither that it has caught up nor checkpoints once', async () => {
    const node = await aNode({ caughtUp: false, duplicateCheckpoints: true });
    const elsewhere = await aLogAt(node.url, { board: 'dev' });
    const writer = await aLogAt(node.url);
    const reader = await aLogAt(node.url);
    for (let round = 0; round < 100; round += 1) {
      await appended(round % 2 === 0 ? writer.log : elsewhere.log, write(`s-${round}`, -1));
    }
    await eventually('all has arrived', async () => (await reader.log.head()).position === 50);
    expect(await idsOf(reader.log)).toEqual(await idsOf(writer.log));
  });

  it('hears of new events at once, and reads what the hint is about', async () => {
    const node = await aNode();
    const writer = await aLogAt(node.url);
    const reader = await aLogAt(node.url);
    const heard = new Promise<void>((resolve) => {
      reader.log.onHint(resolve);
    });
    await appended(writer.log, write('task-1', 'no_stream'));
    await heard;
    expect(await everything(reader.log)).toHaveLength(1);
  });
});

it('an append finds its event although the subscription is silent', async () => {
  const node = await aNode();
  const { log } = await aLogAt(node.url, { silentMsMax: 60_000 });
  node.faults.muteSubscriptions = true;
  for (let round = 0; round < 3; round += 1) {
    const { position } = await appended(log, write('task-1', round - 1));
    expect(position).toBe(round + 1);
  }
});

it('a conflict is answered once what caused it has arrived', async () => {
  const node = await aNode();
  const writer = await aLogAt(node.url);
  const loser = await aLogAt(node.url, { silentMsMax: 60_000 });
  await appended(writer.log, write('task-1', 'no_stream'));
  await eventually('it has arrived', async () => (await loser.log.head()).position === 1);
  node.faults.muteSubscriptions = true;
  await writer.log.append([write('task-1', 0, 2)]);
  const result = await loser.log.append([write('task-1', 0)]);
  expect(result).toMatchObject({ ok: false, actual: 2 });
  expect(await loser.log.readStream('task-1')).toHaveLength(3);
});

it('a node that goes away and comes back is found; reading goes on meanwhile', async () => {
  const node = await aNode();
  const { log, troubles } = await aLogAt(node.url, { appendMsMax: 300, tryMsMax: 100 });
  await appended(log, write('task-1', 'no_stream'));
  await node.stop();
  const lost = [write('task-1', 0)];
  await expect(log.append(lost)).rejects.toMatchObject({
    code: 'log_unreachable',
    retryable: true,
  });
  expect(await everything(log)).toHaveLength(1);
  await node.start();
  await eventually('appends are taken', () => log.append(lost));
  expect(await everything(log)).toHaveLength(2);
  expect(troubles.map(({ code }) => code)).toContain('log_unreachable');
});

it('a board out of reach is read as this host has it, and is followed on', async () => {
  const node = await aNode();
  const directory = tempDir();
  const url = `${node.url}&board=ops`;
  const { log } = await aLogAt(node.url, { directory });
  await appended(log, write('task-1', 'no_stream', 2));
  await log.close();
  await node.stop();
  const told: string[] = [];
  const reading = await openClusterLog(url, directory, realPorts, {
    mode: 'read',
    onTrouble: ({ code }) => told.push(code),
  });
  onTestFinished(() => reading.close());
  expect(told[0]).toBe('log_unreachable');
  expect(await everything(reading)).toHaveLength(2);
  await node.start();
  const writer = await aLogAt(node.url);
  await appended(writer.log, write('task-1', 1));
  await eventually('it follows', async () => (await reading.head()).position === 3);
  const elsewhere = openClusterLog('esdb://127.0.0.1:1?tls=false&board=ops', tempDir(), realPorts, {
    mode: 'read',
  });
  await expect(elsewhere).rejects.toMatchObject({ code: 'log_unreachable' });
});

it('a cluster that has become another one is noticed, and nothing is mixed', async () => {
  const node = await startLoopback();
  const directory = tempDir();
  const { log } = await aLogAt(node.url, { directory });
  await appended(log, write('task-1', 'no_stream'));
  await node.close();
  const other = await startLoopback({ port: node.port });
  await eventually('it is noticed', () => log.writingRefused()?.code === 'log_other_store');
  expect(await everything(log)).toHaveLength(1);
  const again = openClusterLog(`${other.url}&board=ops`, directory, realPorts);
  await expect(again).rejects.toMatchObject({ code: 'log_other_store' });
  await other.close();
});

it('a host that hears nothing knows for how long, until it has caught up', async () => {
  const node = await aNode();
  const { log } = await aLogAt(node.url);
  await appended(log, write('task-1', 'no_stream'));
  expect(log.behindMs()).toBe(0);
  await node.stop();
  await eventually('it is behind', () => log.behindMs() > 300);
  await node.start();
  await eventually('it is not behind any more', () => log.behindMs() === 0);
});

it('a checkpoint counts only when nothing before it waits to be heard', async () => {
  const node = await aNode();
  const { default: library } = await import('@eventstore/db-client');
  const connection = createConnection(library, clusterPlace(`${node.url}&board=ops`, '/ops'), {
    timers: realPorts.timers,
    onEnd() {},
  });
  const event = { type: 'X', contentType: 'application/json', data: {}, metadata: {} } as const;
  const events = Array.from({ length: 10 }, () => ({ ...event, id: randomUUID() }));
  await connection.append({ stream: 'ops.a', expected: 'any', events }, 1_000);
  const told: string[] = [];
  let isConfirmed = false;
  const following = await connection.follow('ops.', undefined, {
    event: () => told.push('event'),
    checkpoint: () => told.push('checkpoint'),
    confirmed: () => {
      isConfirmed = true;
    },
  });
  following.pause();
  await eventually('the server has begun to send', () => isConfirmed);
  await connection.readAll(undefined, 20);
  following.resume();
  await eventually('all was heard', () => told.filter((what) => what === 'event').length === 10);
  expect(told.slice(0, 10)).not.toContain('checkpoint');
  await following.stop();
  await connection.release();
});
