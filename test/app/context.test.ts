/** What a worker is told of the tasks its own builds on. */
import { expect, test } from 'vitest';
import { aTask, openHarbour } from '../kit/boards.ts';
import { accepted, ada } from '../kit/callers.ts';

test('the result of a parent is told while it counts, and until it is removed', async () => {
  const harbour = openHarbour();
  const commands = harbour.board.as(ada);
  const parent = await aTask(harbour, { title: 'Sand the hull' });
  const child = await aTask(harbour, { parents: [parent] });
  const told = async () => {
    const text = await harbour.board.context(child);
    return ['Sand the hull', 'Smooth as glass.'].map((words) => text.toString().includes(words));
  };
  expect(await told()).toEqual([false, false]);
  await accepted(commands.complete(parent, { summary: 'Smooth as glass.' }));
  expect(await told()).toEqual([true, true]);
  await accepted(commands.archive(parent));
  expect(await told()).toEqual([true, true]);
  await accepted(commands.tombstone(parent));
  expect(await told()).toEqual([false, false]);
});

test('a parent that was given up has no result to build on', async () => {
  const harbour = openHarbour();
  const parent = await aTask(harbour, { title: 'Sand the hull' });
  const child = await aTask(harbour, { parents: [parent] });
  await accepted(harbour.board.as(ada).archive(parent));
  expect(await harbour.board.context(child)).not.toContain('Sand the hull');
});
