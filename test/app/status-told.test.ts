/** What a refusal calls a task that waits for its turn: what everybody calls it. */
import { expect, it } from 'vitest';
import { aTask, openHarbour } from '../kit/boards.ts';
import { accepted, ada, refused } from '../kit/callers.ts';

it('is ready, scheduled or waiting, as everywhere else', async () => {
  const harbour = openHarbour();
  const as = harbour.board.as(ada);
  const taskId = await aTask(harbour);
  const parentId = await aTask(harbour);
  const statusTold = async () => {
    const { code, facts } = await refused(as.reopen(taskId));
    expect(code).toBe('wrong_status');
    return facts['status'];
  };

  expect(await statusTold()).toBe('ready');

  const laterMs = harbour.clock.nowMs() + 60_000;
  await accepted(as.schedule(taskId, laterMs));
  expect(await statusTold()).toBe('scheduled');

  await accepted(as.link(parentId, taskId));
  expect(await statusTold()).toBe('waiting');

  await accepted(as.complete(parentId, {}));
  expect(await statusTold()).toBe('scheduled');
  await harbour.clock.advance(60_001);
  expect(await statusTold()).toBe('ready');
});
