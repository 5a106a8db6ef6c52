/** The log as it comes, over a real connection. */
import { describe, expect, test } from 'vitest';
import { appendEventsMax, type StoredEvent } from '../../src/log/event-log.ts';
import { eventually } from '../kit/eventually.ts';
import { type OpenHouse, openHouse } from './a-door.ts';

interface Frame {
  readonly id?: string;
  readonly event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: documents whose fields the tests name one by one
  readonly data?: any;
}

/** Reads frames until there are as many as wanted that say something, then leaves. */
async function framesOf(
  house: OpenHouse,
  path: string,
  wanted: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly Frame[]> {
  const leaving = new AbortController();
  const response = await house.fetch(path, { headers });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const frames: Frame[] = [];
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString('utf8');
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    frames.push(...parts.map(frameOf).filter(({ data }) => data !== undefined));
    if (frames.length >= wanted) break;
  }
  leaving.abort();
  return frames.slice(0, wanted);
}

function frameOf(text: string): Frame {
  const fields = text.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2));
  const { data, ...frame } = Object.fromEntries(fields) as Record<string, string>;
  return { ...frame, ...(data === undefined ? {} : { data: JSON.parse(data) }) };
}

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

async function appendMany({ board }: OpenHouse, count: number): Promise<void> {
  const [first] = await board.log.readAll({ limit: 1 });
  const { type, schemaVersion, data, meta } = first!;
  for (let left = count; left > 0; left -= appendEventsMax) {
    const events = Array.from({ length: Math.min(left, appendEventsMax) }, (_, index) => ({
      ...{ type, schemaVersion, data, meta },
      id: `${left}-${index}`,
    }));
    await board.log.append([{ stream: 'elsewhere-1', expected: 'any', events }]);
  }
}

describe('the stream of events', () => {
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
    let pages = 0;
    async function* follow(): AsyncGenerator<readonly StoredEvent[]> {
      const [event] = await house.board.log.readAll({ limit: 1 });
      const data = JSON.stringify({ body: 'x'.repeat(60_000), author: 'ada' });
      for (; pages < 10_000; pages += 1) yield [{ ...event!, type: 'CommentAdded', data }];
    }
    const house: OpenHouse = await openHouse(undefined, { follow });

    const response = await house.fetch('/api/v1/events/stream?after=0');
    await stopsGrowing(() => pages);

    expect(pages).toBeLessThan(500);
    await response.body?.cancel();
  });

  test('tells a client that fell far behind to start over, and leaves it', async () => {
    let jump = () => {};
    const jumped = new Promise<void>((resolve) => {
      jump = resolve;
    });
    async function* follow(): AsyncGenerator<readonly StoredEvent[]> {
      const [event] = await house.board.log.readAll({ limit: 1 });
      yield [event!];
      await jumped;
      yield [event!];
    }
    const house: OpenHouse = await openHouse(undefined, { follow });
    const response = await house.fetch('/api/v1/events/stream?after=0');
    const text = response.text();
    await appendMany(house, 10_001);
    jump();

    const frames = (await text).split('\n\n').filter((frame) => frame !== '');
    expect(frames.at(-1)).toMatch(/^event: resync\nid: 1\ndata: \{"position":1,"head":10002\}$/);
  });

  test('ends when the door closes', async () => {
    const house = await openHouse();
    const response = await house.fetch('/api/v1/events/stream');
    const text = response.text();

    await house.door.close();

    expect(await text).toContain('retry: 1000');
  });
});
