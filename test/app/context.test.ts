/** What a worker is told of the tasks its own builds on, and of what people said. */
import { describe, expect, test } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { aRunningTask, aTask, type Harbour, openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher, workerOf } from '../kit/callers.ts';

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

/** A task whose worker has handed in what it made, for a review or as done. */
async function aDeliveredTask(harbour: Harbour, how: { review: boolean }): Promise<string> {
  const { taskId, runId } = await aRunningTask(harbour, { assignee: 'painter' });
  const worker = harbour.board.as(workerOf(runId));
  await accepted(worker.completeRun(runId, { summary: 'Thirty pages.' }, how));
  return taskId;
}

/** What stands in the context before the earlier attempts, without the facts of the task. */
async function saidFirst(board: Pick<Board, 'context'>, taskId: string): Promise<string> {
  const [first = ''] = (await board.context(taskId)).toString().split('## Earlier attempts');
  return first.split('the latest last')[1]?.trim() ?? '';
}

describe('what people said by what they did to a task', () => {
  test('a rejection is told to the next attempt, and shown with the one it was about', async () => {
    const harbour = openHarbour();
    const taskId = await aDeliveredTask(harbour, { review: true });
    // Longer than the timeline keeps it.
    const reason = `Page 3 is empty. ${'Look again. '.repeat(40)}`;
    await accepted(harbour.board.as(ada).review(taskId, { approve: false, reason }));
    expect(await saidFirst(harbour.board, taskId)).toBe(
      `ada rejected attempt 1:\n> ${reason}`.trim(),
    );
    expect(await harbour.board.context(taskId)).toContain(
      `### Attempt 1: completed, then rejected by ada
summary: Thirty pages.
rejected because:
> Page 3 is empty.`,
    );
  });

  test('answers, reclaims, blocks and reopenings are told in their order', async () => {
    const harbour = openHarbour();
    const { board } = harbour;
    const by = board.as(ada);
    const { taskId } = await aRunningTask(harbour, { assignee: 'painter' });
    await accepted(by.reclaim(taskId, 'It paints the pier.'));
    await accepted(by.block(taskId, { cause: 'operator', reason: 'No paint.' }));
    await accepted(by.unblock(taskId, 'Use account B.'));
    await accepted(by.complete(taskId, { summary: 'Did it myself.' }));
    await accepted(by.reopen(taskId, 'Misses the keel.'));
    expect(await saidFirst(board, taskId)).toBe(`ada reclaimed attempt 1:
> It paints the pier.

ada blocked it:
> No paint.

ada unblocked it:
> Use account B.

ada reopened it after attempt 3:
> Misses the keel.`);
  });

  test('a block that takes the task from its run is told with its reason', async () => {
    const harbour = openHarbour();
    const { taskId } = await aRunningTask(harbour);
    const why = { cause: 'operator' as const, reason: 'The dock is dry.' };
    await accepted(harbour.board.as(ada).block(taskId, why));
    expect(await saidFirst(harbour.board, taskId)).toBe('ada blocked it:\n> The dock is dry.');
  });

  test('what a worker asked is told with its attempt, and not as a word of people', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const worker = harbour.board.as(workerOf(runId));
    await accepted(worker.blockRun(runId, { cause: 'needs_input', reason: 'Which red?' }));
    expect(await saidFirst(harbour.board, taskId)).toBe('');
    expect(await harbour.board.context(taskId)).toContain('error: Which red?');
  });

  test('the past knows only what was said by then', async () => {
    const harbour = openHarbour();
    const taskId = await aDeliveredTask(harbour, { review: true });
    const by = harbour.board.as(ada);
    const { position } = await accepted(by.review(taskId, { approve: false, reason: 'Thin.' }));
    const told = async (at: number) => {
      const past = await harbour.board.at({ position: at });
      if ('refused' in past) throw new Error('there is no such past');
      return saidFirst(past, taskId);
    };
    expect(await told(position - 1)).toBe('');
    expect(await told(position)).toBe('ada rejected attempt 1:\n> Thin.');
  });

  test('a result that was turned down is nobody’s recent work', async () => {
    const harbour = openHarbour();
    const { board } = harbour;
    const by = board.as(ada);
    const taken = await aDeliveredTask(harbour, { review: true });
    const rejected = await aDeliveredTask(harbour, { review: true });
    const reopened = await aDeliveredTask(harbour, { review: false });
    const next = await aTask(harbour, { assignee: 'painter' });
    const offered = async () => {
      const text = (await board.context(next)).toString();
      return [taken, rejected, reopened].map((id) => text.includes(`- ${id}: Thirty pages.`));
    };
    expect(await offered()).toEqual([true, true, true]);
    await accepted(by.review(taken, { approve: true }));
    await accepted(by.review(rejected, { approve: false, reason: 'Thin.' }));
    await accepted(by.reopen(reopened));
    expect(await offered()).toEqual([true, false, false]);
    const { runId } = await accepted(board.as(dispatcher).claim(rejected));
    await accepted(board.as(workerOf(runId)).completeRun(runId, { summary: 'Thirty pages.' }));
    expect(await offered()).toEqual([true, true, false]);
  });
});
