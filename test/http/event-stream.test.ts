/** The log as it comes, over a real connection. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import type { DoorParts } from '../../src/http/door-parts.ts';
import { eventFrames } from '../../src/http/event-stream.ts';
import { createLiveEvents, type HeardEvent, type LiveEvents } from '../../src/http/live-events.ts';
import { frame, sseResponse } from '../../src/http/sse.ts';
import { followPages } from '../../src/log/follow.ts';
import type { Timers } from '../../src/log/ports.ts';
import { createRoot } from '../../src/main.ts';
import { eventually } from '../kit/eventually.ts';
import { meddleWith } from '../kit/meddled-log.ts';
import { type OpenHouse, openHouse } from './a-door.ts';
import { framesOf } from './frames.ts';

const ada = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;

async function taskIn({ board }: OpenHouse, title: string): Promise<string> {
  const created = await board.as(ada).create({ title });
  if (created.refused) throw new Error(created.message);
  return created.taskId;
}

/** Resolves when a figure has stayed the same for a while. */
async function stopsGrowing(figure: () => number): Promise<void> {
  let seen = -1;
  await eventually('it stops growing', async () => {
    const before = seen;
    seen = figure();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return seen > 0 && seen === before;
  });
}

/** Follows as it should. */
function later({ board }: OpenHouse): DoorParts['follow'] {
  const [clock, timers] = [systemClock, systemTimers];
  return (after, signal) =>
    followPages(board.log, { clock, timers, random: Math.random, after, signal });
}

const heard = (position: number, text = `data: ${position}\n\n`): HeardEvent => ({
  ...{ position, text, type: 'CommentAdded' },
  subject: () => ({}),
});

/** A server with nothing but the stream; answers its address. */
async function served(live: LiveEvents, timers: Timers = systemTimers): Promise<string> {
  const until = new AbortController();
  const server = createServer(
    getRequestListener((_, connection) => {
      const hangUp = () => void (connection as HttpBindings).outgoing.destroy();
      const frames = (signal: AbortSignal) => eventFrames(live, { after: 0 }, signal);
      return sseResponse({ timers, onFault: () => {} }, frames, { until: until.signal, hangUp });
    }),
  );
  onTestFinished(() => {
    until.abort();
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('the stream of events', () => {
  test('goes on when the tables were made anew', async () => {
    const house = await openHouse();
    await framesOf(house, '/api/v1/events/stream?after=0', 1);
    const hull = await taskIn(house, 'Paint the hull');
    const path = `/api/v1/events/stream?after=1&task=${hull}`;
    const world = { environment: {}, directory: house.directory, userHome: house.directory };
    await (await createRoot(world).upkeep()).rebuild(house.directory, () => {});
    await house.board.read();

    const [first] = await framesOf(house, path, 1);

    expect(first?.data).toMatchObject({ type: 'TaskCreated' });
  });

  test('has whole events with their positions, those of before and those to come', async () => {
    const house = await openHouse();
    await taskIn(house, 'before');
    const reading = framesOf(house, '/api/v1/events/stream?after=0', 4);
    const frames = reading.then(async (found) => found);
    await taskIn(house, 'after');

    const found = await frames;

    const events = found.filter(({ event }) => event === undefined);
    expect(events.map(({ id, data }) => [id, data.position, data.type])).toEqual([
      ['1', 1, 'BoardCreated'],
      ['2', 2, 'TaskCreated'],
      ['3', 3, 'TaskCreated'],
    ]);
    expect(events[1]?.data).toMatchObject({
      stream: expect.stringMatching(/^task-/),
      version: 0,
      data: { title: 'before', createdBy: 'ada' },
      meta: { actor: { kind: 'human', id: 'ada' }, surface: 'cli' },
      recordedAtMs: expect.any(Number),
      id: expect.any(String),
    });
  });

  test('goes on after the last event that was seen', async () => {
    const house = await openHouse();
    for (const title of ['a', 'b', 'c']) await taskIn(house, title);

    const [first] = await framesOf(house, '/api/v1/events/stream?after=0', 1, {
      'Last-Event-ID': '3',
    });

    expect(first).toMatchObject({ id: '4', data: { data: { title: 'c' } } });
  });

  test('is about one task alone, when asked so, and still says how far it went', async () => {
    const house = await openHouse();
    const hull = await taskIn(house, 'hull');
    await taskIn(house, 'mast');
    await house.board.as(ada).comment(hull, { body: 'two coats' });

    const frames = await framesOf(house, `/api/v1/events/stream?after=0&task=${hull}`, 3);

    expect(frames.map(({ id, event, data }) => [id, event ?? data.type])).toEqual([
      ['2', 'TaskCreated'],
      ['4', 'CommentAdded'],
      ['4', 'position'],
    ]);
  });

  test('asks for no more than a client takes', async () => {
    let asked = 0;
    const text = frame({ data: 'x'.repeat(60_000) });
    const address = await served({
      after: async () => {
        asked += 1;
        return { events: [heard(asked, text)], last: asked, head: 10_000 };
      },
    });

    const response = await fetch(address);
    await stopsGrowing(() => asked);

    expect(asked).toBeLessThan(500);
    await response.body?.cancel();
  });

  test('holds no more than a piece of what a client does not take', async () => {
    const text = frame({ data: 'x'.repeat(60_000) });
    const events = Array.from({ length: 200 }, (_, index) => heard(index + 1, text));
    const live: LiveEvents = { after: async () => ({ events, last: 200, head: 200 }) };

    const frames = eventFrames(live, { after: 0 }, new AbortController().signal);
    const { value: first } = await frames.next();

    expect(first).toBe(`${text}${text}`);
    await frames.return(undefined);
  });

  test('hangs up on a client that takes nothing, without a word', async () => {
    const complaints = vi.spyOn(console, 'error');
    onTestFinished(() => complaints.mockRestore());
    let isOver = false;
    let giveUp = () => {};
    const timers: Timers = {
      ...systemTimers,
      after(ms, fire, kind) {
        if (ms === 30_000) giveUp = fire;
        return systemTimers.after(ms, fire, kind);
      },
    };
    const text = frame({ data: 'x'.repeat(60_000) });
    let asked = 0;
    const address = await served(
      {
        async after(_, signal) {
          signal.addEventListener('abort', () => {
            isOver = true;
          });
          asked += 1;
          return { events: [heard(asked, text)], last: asked, head: 10_000 };
        },
      },
      timers,
    );
    const response = await fetch(address);
    await stopsGrowing(() => asked);

    giveUp();

    await expect(response.text()).rejects.toThrow('terminated');
    expect([isOver, complaints.mock.calls]).toEqual([true, []]);
  });

  test('tells a client that fell far behind to start over, and leaves it', async () => {
    const batches = [
      { events: [heard(1)], last: 1, head: 1 },
      { events: [heard(2)], last: 2, head: 10_003 },
    ];
    const live: LiveEvents = { after: async () => batches.shift() };

    const frames: string[] = [];
    const signal = new AbortController().signal;
    for await (const each of eventFrames(live, { after: 0 }, signal)) frames.push(each);

    expect(frames).toEqual([
      'data: 1\n\nevent: position\nid: 1\ndata: {"position":1,"head":1}\n\n',
      'event: resync\nid: 2\ndata: {"position":2,"head":10003}\n\n',
    ]);
  });

  test('brings everything to all who follow, wherever they begin', async () => {
    const house = await openHouse();
    for (let n = 0; n < 250; n += 1) await taskIn(house, `before ${n}`);
    const follow = (after: number) =>
      framesOf(house, `/api/v1/events/stream?after=${after}`, 350 - after);
    const following = [0, 100, 200, 251, 251].map(follow);
    for (let n = 0; n < 100; n += 1) await taskIn(house, `later ${n}`);

    for (const frames of await Promise.all(following)) {
      const positions = frames.flatMap(({ event, data }) =>
        event === undefined ? [data.position as number] : [],
      );
      const [first = 0] = positions;
      expect(positions).toEqual(positions.map((_, index) => first + index));
      expect(positions.length).toBeGreaterThan(90);
    }
  });

  test('ends when the log cannot be followed, and goes on for whoever comes back', async () => {
    const faults: unknown[] = [];
    const fault = new Error('the disk is gone');
    const broken: DoorParts['follow'] = async function* (after) {
      yield await house.board.log.readAll({ after, limit: 10 });
      throw fault;
    };
    const follows: DoorParts['follow'][] = [broken];
    const house: OpenHouse = await openHouse(undefined, {
      follow: (after, signal) => (follows.shift() ?? later(house))(after, signal),
      onFault: (found) => faults.push(found),
    });

    const first = await (await house.fetch('/api/v1/events/stream?after=1')).text();
    await taskIn(house, 'a');
    const [again] = await framesOf(house, '/api/v1/events/stream?after=1', 1);

    expect(first).not.toContain('the disk');
    expect(faults).toEqual([fault]);
    expect(again).toMatchObject({ id: '2', data: { data: { title: 'a' } } });
  });

  test('begins for the next one where the log did not say how far it goes', async () => {
    const house = await openHouse();
    await taskIn(house, 'a');
    const [log, fault] = [meddleWith(house.board.log), new Error('the disk is busy')];
    const heads = [Promise.reject(fault)];
    const board = { ...house.board, log: { ...log, head: () => heads.shift() ?? log.head() } };
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    const { signal } = leaving;
    const parts = { board, timers: systemTimers, follow: later(house), onFault: () => {} };
    const live = createLiveEvents(parts, signal);

    await expect(live.after(0, signal)).rejects.toBe(fault);
    expect(await live.after(0, signal)).toMatchObject({ last: 2, head: 2 });
  });

  test('ends when the door closes', async () => {
    const house = await openHouse();
    const response = await house.fetch('/api/v1/events/stream');
    const text = response.text();

    await house.door.close();

    expect(await text).toContain('retry: 1000');
  });
});
