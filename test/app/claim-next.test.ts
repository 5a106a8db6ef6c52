/** Waiting for the next task: whoever waits is there when one comes due. */
import { expect, test } from 'vitest';
import { type Claiming, claimNext, waitForNext } from '../../src/app/claim-next.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { aTask, type Harbour, openHarbour } from '../kit/boards.ts';
import { accepted, ada } from '../kit/callers.ts';

/** How long the first look at the queue takes, ms. */
const lookMs = 2_000;

/** The board, on which time passes after the queue was read for the first time. */
function slowBoard({ board, clock }: Harbour): Claiming['board'] {
  const passingMs = [lookMs];
  async function read() {
    const queries = await board.read();
    const ready: typeof queries.ready = (...asked) => {
      const found = queries.ready(...asked);
      clock.stepWall(passingMs.shift() ?? 0);
      return found;
    };
    return { ...queries, ready };
  }
  return { ...board, read };
}

test('a task that somebody else is given meanwhile is not taken for the one before', async () => {
  const harbour = openHarbour();
  const { board } = harbour;
  const taskId = await aTask(harbour, { assignee: 'alice' });
  const commands = board.as(ada);
  const claim: typeof commands.claim = async (...asked) => {
    await commands.assign(taskId, 'bob');
    return commands.claim(...asked);
  };
  const claiming: Claiming = { board, commands: { claim }, beingClaimed: new Set() };
  const answer = await claimNext(claiming, { assignee: 'alice', request: {} });
  expect(answer).toMatchObject({ code: 'nothing_to_claim' });
  expect((await board.read()).task(taskId, 0)).toMatchObject({ status: 'ready', assignee: 'bob' });
});

test('a task that comes due while the queue is looked at is taken at once', async () => {
  const harbour = openHarbour();
  const { board, clock } = harbour;
  const lookedAtMs = clock.nowMs() + lookMs;
  const taskId = await aTask(harbour, { notBeforeMs: lookedAtMs - 1 });
  const waiting = waitForNext(
    { board: slowBoard(harbour), commands: board.as(ada), beingClaimed: new Set() },
    { assignee: null, request: {} },
    {
      timers: clock,
      waitMs: 30_000,
      signal: new AbortController().signal,
      newsAfter: (_, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    },
  );
  await clock.advance(30_000);
  const leaseUntilMs = lookedAtMs + 1 + defaultPolicy.claimTtlMs;
  expect(await accepted(waiting)).toMatchObject({ taskId, leaseUntilMs });
});
