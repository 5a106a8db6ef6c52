/** The log as it comes, over a real connection. */
import { describe, expect, test } from 'vitest';
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

  test('ends when the door closes', async () => {
    const house = await openHouse();
    const response = await house.fetch('/api/v1/events/stream');
    const text = response.text();

    await house.door.close();

    expect(await text).toContain('retry: 1000');
  });
});
