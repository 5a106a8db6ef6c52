/** Links between tasks through the board: no circle, not even by two links made at once. */
import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../src/log/event-log.ts';
import { piecewise } from '../../tools/trial/piecewise-log.ts';
import { aTask, openHarbour, storyOfTask } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused } from '../kit/callers.ts';
import { createCountedIds } from '../kit/counted-ids.ts';

describe('a link', () => {
  it('holds the child back until the parent is done', async () => {
    const harbour = openHarbour();
    const [parent, child] = [await aTask(harbour), await aTask(harbour)];
    const link = () => harbour.board.as(ada).link(parent, child);
    expect(await accepted(link())).toMatchObject({ taskId: child, changed: true });
    expect(await accepted(link())).toMatchObject({ changed: false });
    expect((await refused(harbour.board.as(dispatcher).claim(child))).code).toBe('parents_open');
    await accepted(harbour.board.as(ada).unlink(parent, child));
    await accepted(harbour.board.as(dispatcher).claim(child));
  });

  it('needs two tasks that exist and differ', async () => {
    const harbour = openHarbour();
    const commands = harbour.board.as(ada);
    const task = await aTask(harbour);
    const unknown = 'T-0000000099';
    expect((await refused(commands.link(unknown, task))).code).toBe('no_such_parent');
    expect((await refused(commands.link(task, unknown))).code).toBe('no_such_task');
    expect((await refused(commands.link(task, task))).code).toBe('self_parent');
  });

  it('never closes a circle, however long', async () => {
    const harbour = openHarbour();
    const commands = harbour.board.as(ada);
    const chain = [await aTask(harbour)];
    for (let i = 0; i < 5; i += 1) chain.push(await aTask(harbour, { parents: [chain.at(-1)] }));
    const [first, last] = [chain[0]!, chain.at(-1)!];
    expect(await refused(commands.link(last, first))).toMatchObject({
      code: 'cycle',
      facts: { parentId: last, childId: first },
    });
  });
});

describe('a task with thousands above it', () => {
  it('is no parent: they could not all be pinned', async () => {
    const harbour = openHarbour();
    const commands = harbour.board.as(ada);
    const above = await Promise.all(Array.from({ length: 5_000 }, () => aTask(harbour)));
    const layers = Array.from({ length: 10 }, (_, index) =>
      aTask(harbour, { parents: above.slice(index * 500, (index + 1) * 500) }),
    );
    const [parent, child] = [
      await aTask(harbour, { parents: await Promise.all(layers) }),
      await aTask(harbour),
    ];
    expect(await refused(commands.link(parent, child))).toMatchObject({
      code: 'invalid',
      facts: { childId: child, parentId: parent, ancestorsMax: 5_000 },
    });
  });
});

describe('two links that would close a circle together', () => {
  it('made at once: exactly one is accepted', async () => {
    const harbour = openHarbour();
    const rival = harbour.another();
    const [a, b] = [await aTask(harbour), await aTask(harbour)];
    const answers = await Promise.all([harbour.board.as(ada).link(a, b), rival.as(ada).link(b, a)]);
    expect(answers.filter(({ refused: lost }) => !lost)).toHaveLength(1);
    expect(answers.find(({ refused: lost }) => lost)).toMatchObject({ code: 'cycle' });
  });

  it('are found out even when the other one comes at the last moment', async () => {
    const harbour = openHarbour();
    const rival = harbour.another();
    const [a, b, c] = [await aTask(harbour), await aTask(harbour), await aTask(harbour)];
    await accepted(harbour.board.as(ada).link(a, b));
    harbour.log.beforeNextAppend(() => rival.as(ada).link(b, c));
    expect((await refused(harbour.board.as(ada).link(c, a))).code).toBe('cycle');
    expect(await storyOfTask(harbour, a)).toEqual(['TaskCreated']);
  });
});

describe('two such links on a log that pins nothing', () => {
  /** As a cluster whose guards were looked at a moment too early. */
  const unpinned = (log: EventLog): EventLog => ({
    ...piecewise(log),
    append: (writes) => log.append(writes.filter(({ events }) => events.length > 0)),
  });

  it('are both looked at again, and the later one is taken back', async () => {
    const harbour = openHarbour(createCountedIds(), unpinned);
    const [hull, deck] = [await aTask(harbour), await aTask(harbour)];
    const elsewhere = harbour.another().as(ada);
    harbour.log.beforeNextAppend(() => accepted(elsewhere.link(deck, hull)));
    const refusal = await refused(harbour.board.as({ ...ada, commandId: 'c-7' }).link(hull, deck));
    expect(refusal).toMatchObject({ code: 'cycle', facts: { parentId: hull, childId: deck } });
    expect(await storyOfTask(harbour, deck)).toEqual([
      'TaskCreated',
      'ParentAdded',
      'ParentRemoved',
    ]);
    expect(await storyOfTask(harbour, hull)).toEqual(['TaskCreated', 'ParentAdded']);
  });

  it('stand as they are when they close none', async () => {
    const harbour = openHarbour(createCountedIds(), unpinned);
    const [hull, deck, mast] = [await aTask(harbour), await aTask(harbour), await aTask(harbour)];
    const elsewhere = harbour.another().as(ada);
    harbour.log.beforeNextAppend(() => accepted(elsewhere.link(deck, mast)));
    await accepted(harbour.board.as(ada).link(hull, deck));
    expect(await storyOfTask(harbour, deck)).toEqual(['TaskCreated', 'ParentAdded']);
  });
});
