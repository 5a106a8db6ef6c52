/**
 * A corpus of attacks on a real server, over real sockets. Each attempt says what it achieved; what
 * achieves nothing was withstood. A thousand at least are tried, and none may succeed.
 */
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectionsMax } from '../../../src/http/door.ts';
import { inFlight } from '../../../tools/bench/measure.ts';
import { eventually } from '../../kit/eventually.ts';
import { openHouse } from '../a-door.ts';
import { type Arena, type Attempt, openArena } from './arena.ts';
import { bodyAttempts, replayAttempts } from './bodies.ts';
import { foreignPageAttempts } from './foreign-pages.ts';
import { pathAttempts } from './paths.ts';
import { allowedCells, rightsAttempts } from './rights.ts';
import { textAttempts } from './texts.ts';
import { wireAttempts } from './wires.ts';

const corpora: Readonly<Record<string, (arena: Arena) => readonly Attempt[]>> = {
  'who shows the wrong thing': rightsAttempts,
  'pages of other sites': foreignPageAttempts,
  'names that are paths': pathAttempts,
  'bytes with two meanings': wireAttempts,
  'bodies that are poison': bodyAttempts,
  'what was said before': replayAttempts,
  'text that is more than text': textAttempts,
};

const tried: Record<string, number> = {};
/** Side by side, so that sockets that wait do not add up. */
const lanes = 8;

describe('nothing is achieved by', () => {
  test.each(Object.keys(corpora))('%s', { timeout: 120_000 }, async (name) => {
    const arena = await openArena();
    const attempts = corpora[name]!(arena);
    // What looks at what has happened on the board must be alone there.
    const width = /bytes/.test(name) ? lanes : 1;
    const achieved: string[] = [];
    const queue = attempts.values();
    const lane = async () => {
      for (const attempt of queue) {
        const found = await attempt.try(arena);
        if (found !== undefined) achieved.push(`${attempt.name}: ${found}`);
      }
    };
    await Promise.all(Array.from({ length: width }, lane));
    tried[name] = attempts.length;

    expect(achieved).toEqual([]);
    expect(await arena.ask('/healthz')).toMatchObject({ status: 200 });
  });

  test('guessing, which ends after ten a second', async () => {
    const { ask } = await openHouse();
    const guess = (at: number) => {
      const bearer = at % 2 === 0 ? `${at}`.padStart(43, 'x') : `R-000000000000.${'y'.repeat(43)}`;
      return ask('/api/v1/board', { bearer });
    };

    const statuses: number[] = [];
    await inFlight(300, 32, async (at) => void statuses.push((await guess(at)).status));
    tried['guesses'] = statuses.length;

    expect([...new Set(statuses)].sort()).toEqual([401, 429]);
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(60);
  });

  test('holding on to all connections: there is an end to them, and to each', async () => {
    const { ask, host, door } = await openHouse();
    const sockets = Array.from({ length: connectionsMax + 100 }, () => slowSocket(host));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const open = () => sockets.filter(({ readyState }) => readyState === 'open').length;
    await eventually('those beyond the limit are hung up on', async () => open() <= connectionsMax);
    tried['connections'] = sockets.length;

    for (const socket of sockets.slice(0, 300)) socket.destroy();

    await eventually('others are answered', async () => {
      const { status } = await ask('/healthz').catch(() => ({ status: 0 }));
      return status === 200;
    });
    expect(door.address).toContain(host);
  });

  test('listening to everything, many times over: whoever asks is answered', async () => {
    const { ask, board, fetch } = await openHouse();
    const gone = new AbortController();
    const streams = await Promise.all(
      Array.from({ length: 120 }, () => fetch('/api/v1/events/stream', { signal: gone.signal })),
    );
    const ada = board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
    for (let at = 0; at < 50; at += 1) await ada.create({ title: `task ${at}` });
    tried['streams'] = streams.length;

    expect((await ask('/api/v1/tasks')).status).toBe(200);
    gone.abort();
  });

  test('at least a thousand attempts', () => {
    const total = Object.values(tried).reduce((sum, count) => sum + count, 0);
    console.info(`${total} attacks withstood: ${JSON.stringify(tried)}`);

    expect(total).toBeGreaterThanOrEqual(1_000);
  });
});

test('who may read is let through, whatever it is asked with', async () => {
  const cells = await allowedCells(await openArena());

  expect(cells.length).toBeGreaterThan(60);
  expect(cells.filter(([, status]) => [401, 403, 429].includes(status))).toEqual([]);
});

/** Somebody who begins a request, and never ends it. */
function slowSocket(host: string): Socket {
  const [hostname = '', port] = host.split(':');
  const socket = connect({ host: hostname, port: Number(port) }, () => {
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `);
  });
  socket.on('error', () => socket.destroy());
  return socket;
}
