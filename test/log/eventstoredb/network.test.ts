/** A bad network between a host and its cluster: late, cut, half-open, deaf in one direction. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventLog } from '../../../src/log/event-log.ts';
import { createConnection } from '../../../src/log/eventstoredb/connection.ts';
import { clusterPlace } from '../../../src/log/eventstoredb/place.ts';
import { Replaced, TookTooLong } from '../../../src/log/eventstoredb/within.ts';
import { eventually } from '../../kit/eventually.ts';
import { type Direction, startTcpProxy } from '../../kit/tcp-proxy.ts';
import type { Faults } from '../../loopback/faults.ts';
import { appended, everything, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { aLogAt, aNode } from './a-cluster-log.ts';

/** A log behind a network of its own, beside one that has a good one. */
async function aLogBehind() {
  const node = await aNode();
  const network = await startTcpProxy(node.port);
  const url = `esdb://127.0.0.1:${network.port}?tls=false`;
  const good = await aLogAt(node.url);
  const far = await aLogAt(url);
  return { node, network, url, far: far.log, good: good.log };
}

describe.each<[what: string, directions: readonly Direction[]]>([
  ['half-open', ['to_server', 'to_client']],
  ['deaf to answers', ['to_client']],
  ['unheard', ['to_server']],
])('a connection that is %s', (_, directions) => {
  it('is given up for a new one, and nothing is lost or doubled', async () => {
    const { network, far, good } = await aLogBehind();
    await appended(far, write('task-1', 'no_stream'));
    network.swallow(...directions);
    const pending = far.append([write('task-1', 0)]);
    await appended(good, write('task-2', 'no_stream'));
    await new Promise((resolve) => setTimeout(resolve, 700));
    network.heal();
    expect(await pending).toMatchObject({ ok: true, versions: [1] });
    await eventually('all has arrived', async () => (await far.head()).position === 3);
    expect(await far.head()).toEqual(await good.head());
  });
});

it('a connection that only seems to be there is not used for ever', async () => {
  const { network, far } = await aLogBehind();
  const before = network.connections();
  network.swallow('to_client');
  const pending = far.append([write('task-1', 'no_stream')]);
  await eventually('another one is tried', () => network.connections() > before);
  network.heal();
  expect(await pending).toMatchObject({ ok: true });
});

it('a slow network only makes it slow', async () => {
  const { network, far, good } = await aLogBehind();
  network.delayMs = 40;
  for (let round = 0; round < 5; round += 1) await appended(far, write('task-1', round - 1));
  expect(await far.head()).toEqual(await good.head());
});

describe('a client that is given up', () => {
  async function aConnection(faults: Partial<Faults> = {}) {
    const node = await aNode(faults);
    const network = await startTcpProxy(node.port);
    const { default: library } = await import('@eventstore/db-client');
    const place = clusterPlace(`esdb://127.0.0.1:${network.port}?tls=false&board=ops`, '/ops');
    const connection = createConnection(library, place, { timers: realPorts.timers, onEnd() {} });
    onTestFinished(() => connection.release());
    const event = { type: 'X', contentType: 'application/json', data: {}, metadata: {} } as const;
    const append = (msMax: number) => {
      const events = [{ ...event, id: randomUUID() }];
      return connection.append({ stream: 'ops.a', expected: 'any', events }, msMax);
    };
    return { node, network, connection, append };
  }

  it('gives no half of a page for a whole one', async () => {
    const { network, connection, append } = await aConnection();
    await append(5_000);
    network.swallow('to_client');
    const reading = expect(connection.readAll(undefined, 10)).rejects.toThrow(Replaced);
    await expect(append(50)).rejects.toThrow(TookTooLong);
    await reading;
  });
});

it('200 cuts at random moments: every append is stored once, and every host agrees', async () => {
  const { node, network, url, far, good } = await aLogBehind();
  const other = await aLogAt(url);
  let cuts = 0;
  const cutting = (async () => {
    while (cuts < 200) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
      network.cut();
      cuts += 1;
    }
  })();
  const counts = await Promise.all(
    [far, other.log, good].map((log, host) => writeUntil(log, `host-${host}`, () => cuts >= 200)),
  );
  await cutting;
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (const log of [far, other.log, good]) {
    await eventually('all has arrived', async () => (await log.head()).position === total);
  }
  const heads = await Promise.all([far, other.log, good].map((log) => log.head()));
  expect(new Set(heads.map(({ hash }) => hash)).size).toBe(1);
  expect(node.store.all.filter(({ stream }) => stream.startsWith('ops.'))).toHaveLength(total);
  expect(new Set((await everything(far)).map(({ id }) => id)).size).toBe(total);
});

/** Appends one event after the other; answers how many. */
async function writeUntil(log: EventLog, stream: string, isOver: () => boolean) {
  let count = 0;
  while (!isOver() || count === 0) {
    const writes = [write(stream, count - 1)];
    const result = await log.append(writes).catch(() => undefined);
    // What has an unknown outcome is repeated, the same, before anything else.
    const settled = result ?? (await eventually('it is answered', () => log.append(writes)));
    expect(settled).toMatchObject({ ok: true, versions: [count] });
    count += 1;
  }
  return count;
}
