/** As many streams as there may be: one more is told so, and a place that is left is free. */
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { streamsMax } from '../../src/http/stream-slots.ts';
import { eventually } from '../kit/eventually.ts';
import { type OpenHouse, openHouse } from './a-door.ts';
import { remoteRun } from './remote.ts';

const events = '/api/v1/events/stream';

async function open({ ask }: OpenHouse): Promise<number> {
  const { json } = await ask('/metrics');
  return Number(/^logboard_http_streams (\d+)$/m.exec(json)?.[1]);
}

test('there is an end to streams, and the places of those that leave are free', async () => {
  const house = await openHouse();
  const { runId } = await remoteRun(house);
  const leaving = new AbortController();
  const { signal } = leaving;
  const streams = await Promise.all(
    Array.from({ length: streamsMax }, () => house.fetch(events, { signal })),
  );

  const refused = [await house.ask(events), await house.ask(`/api/v1/runs/${runId}/log/stream`)];

  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
  for (const { status, json, headers } of refused) {
    expect({ status, code: json.code }).toEqual({ status: 503, code: 'too_many_streams' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect((await house.ask('/api/v1/tasks')).status).toBe(200);
  expect(await open(house)).toBe(streamsMax);
  leaving.abort();
  await eventually('all places are free', async () => (await open(house)) === 0);
  const again = await house.fetch(events);
  expect(again.status).toBe(200);
  await again.body?.cancel();
}, 60_000);

test('who hangs up at once, or asks for the headers alone, keeps no place', async () => {
  const house = await openHouse();
  const [hostname = '', port] = house.host.split(':');
  const token = house.token('reader');
  for (let at = 0; at < 200; at += 1) {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(
        `GET ${events} HTTP/1.1\r\nHost: ${house.host}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      );
      if (at % 2 === 0) socket.destroy();
      else setTimeout(() => socket.destroy(), at % 7);
    });
    socket.on('error', () => {});
  }
  for (let at = 0; at < 20; at += 1) await house.fetch(events, { method: 'HEAD' });

  await eventually('all places are free', async () => (await open(house)) === 0);
});
