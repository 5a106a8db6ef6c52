/** Creating tasks through the board: ids, idempotency keys, parents. */
import { describe, expect, it } from 'vitest';
import { streams } from '../../src/domain/catalogue.ts';
import { aTask, openHarbour, storyOfTask } from '../kit/boards.ts';
import { accepted, ada, refused } from '../kit/callers.ts';
import { createCountedIds } from '../kit/counted-ids.ts';

describe('a new task', () => {
  it('gets an id, and the caller for its creator', async () => {
    const harbour = openHarbour();
    const answer = await accepted(harbour.board.as(ada).create({ title: 'Paint the hull' }));
    expect(answer).toMatchObject({ version: 0, position: 1, changed: true });
    const [event] = await harbour.events(streams.task(answer.taskId));
    expect(event).toMatchObject({
      type: 'TaskCreated',
      data: { title: 'Paint the hull', createdBy: 'ada' },
      meta: { actor: ada.actor, surface: 'cli' },
    });
  });

  it('gets another id when chance has drawn one that is taken', async () => {
    const drawn = ['T-0000000001', 'T-0000000001', 'T-0000000002'];
    const harbour = openHarbour({ ...createCountedIds(), taskId: () => drawn.shift()! });
    expect(await aTask(harbour)).toBe('T-0000000001');
    expect(await aTask(harbour)).toBe('T-0000000002');
  });

  it('is made once by a command that is sent again under its id, through any board', async () => {
    const harbour = openHarbour();
    const again = { ...ada, commandId: 'c-7' };
    const { taskId } = await accepted(harbour.board.as(again).create({ title: 'Paint the hull' }));
    const rain = { cause: 'operator', reason: 'Rain.' } as const;
    await accepted(harbour.board.as(ada).block(taskId, rain));
    for (const board of [harbour.board, harbour.another()]) {
      expect(await board.as(again).create({ title: 'Paint the hull' })).toMatchObject({ taskId });
    }
    const made = (await harbour.events()).filter(({ type }) => type === 'TaskCreated');
    expect(made).toHaveLength(1);
  });

  it('is what the first said of it, whatever a repeat under the same id says', async () => {
    const harbour = openHarbour();
    const again = { ...ada, commandId: 'c-7' };
    const parents = [await aTask(harbour)];
    const fields = { title: 'Paint the hull', parents };
    const { taskId } = await accepted(harbour.board.as(again).create(fields));
    const another = harbour.another();
    await accepted(another.as(again).create({ title: 'Paint the mast' }));
    const refusal = await refused(another.as(ada).claim(taskId));
    expect(refusal).toMatchObject({ code: 'parents_open', facts: { openParents: parents } });
    expect(await storyOfTask(harbour, taskId)).toEqual(['TaskCreated']);
  });

  it('can have been created by somebody else than the caller', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour, { createdBy: 'T-0000000009' });
    expect((await harbour.events(streams.task(taskId)))[0]?.data).toMatchObject({
      createdBy: 'T-0000000009',
    });
  });

  it('is not made while one of its parents is unknown', async () => {
    const harbour = openHarbour();
    const known = await aTask(harbour);
    const refusal = await refused(
      harbour.board.as(ada).create({ title: 'Paint', parents: [known, 'T-0000000099'] }),
    );
    expect(refusal).toMatchObject({
      code: 'no_such_parent',
      facts: { missingParents: ['T-0000000099'] },
    });
    expect(await harbour.events()).toHaveLength(1);
  });

  it('with problems is refused with all of them, and nothing is written', async () => {
    const harbour = openHarbour();
    const create = harbour.board.as(ada).create({ title: '', priority: 0.5, maxRetries: 0 });
    const { code, facts } = await refused(create);
    expect(code).toBe('invalid');
    const paths = (facts['issues'] as { path: string }[]).map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['title', 'priority', 'maxRetries']));
    expect(await harbour.events()).toEqual([]);
  });

  it('with a parent named twice can be claimed all the same', async () => {
    const harbour = openHarbour();
    const parent = await aTask(harbour);
    const child = await aTask(harbour, { parents: [parent, parent] });
    await accepted(harbour.board.as(ada).complete(parent, {}));
    await accepted(harbour.board.as(ada).claim(child));
  });
});

describe('an idempotency key', () => {
  const keyed = { title: 'Paint the hull', idempotencyKey: 'hull-2026' };

  it('leads a repeat to the task it made', async () => {
    const { board, events } = openHarbour();
    const first = await accepted(board.as(ada).create(keyed));
    const again = await accepted(board.as(ada).create({ ...keyed, title: 'Another title' }));
    expect(again).toEqual({ ...first, changed: false });
    expect(await events()).toHaveLength(1);
  });

  it('makes one task of two creators who race', async () => {
    const harbour = openHarbour();
    const rival = harbour.another();
    const answers = await Promise.all([
      accepted(harbour.board.as(ada).create(keyed)),
      accepted(rival.as(ada).create(keyed)),
    ]);
    expect(answers[0].taskId).toBe(answers[1].taskId);
    expect(answers.map(({ changed }) => changed).sort()).toEqual([false, true]);
    expect(await harbour.events()).toHaveLength(1);
  });

  it('makes one task even when the rival is faster by a hair', async () => {
    const harbour = openHarbour();
    const rival = harbour.another();
    harbour.log.beforeNextAppend(() => rival.as(ada).create(keyed));
    const answer = await accepted(harbour.board.as(ada).create(keyed));
    expect(answer.changed).toBe(false);
    expect(await harbour.events()).toHaveLength(1);
  });

  it('is free again once its task is archived', async () => {
    const harbour = openHarbour();
    const commands = harbour.board.as(ada);
    const old = await aTask(harbour, keyed);
    await accepted(commands.archive(old));
    const second = await aTask(harbour, keyed);
    expect(second).not.toBe(old);
    expect(await aTask(harbour, keyed)).toBe(second);
    await accepted(commands.archive(second));
    await accepted(commands.tombstone(second));
    expect(new Set([old, second, await aTask(harbour, keyed)]).size).toBe(3);
  });

  it('makes a task of its own even where its id is taken by another key', async () => {
    const ids = { ...createCountedIds(), taskId: (_?: string, round = 0) => `T-000000000${round}` };
    const harbour = openHarbour(ids);
    const hull = await aTask(harbour, keyed);
    const mast = await aTask(harbour, { idempotencyKey: 'mast-2026' });
    expect(mast).not.toBe(hull);
    expect(await aTask(harbour, { idempotencyKey: 'mast-2026' })).toBe(mast);
  });

  it('leads to the same task on every board with the same log', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour, keyed);
    const other = harbour.another();
    expect(await other.as(ada).create(keyed)).toMatchObject({ taskId, changed: false });
    expect(await storyOfTask(harbour, taskId)).toEqual(['TaskCreated']);
  });
});
