/** Claims through the board: one winner, the parents as they are at that very moment. */
import { describe, expect, it } from 'vitest';
import { streams } from '../../src/domain/catalogue.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { aRunningTask, aTask, openHarbour, storyOfTask } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused } from '../kit/callers.ts';

describe('a claim', () => {
  it('opens a run in the same append, under the terms of the policy', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour, { assignee: 'painter' });
    const claim = await accepted(
      harbour.board.as(dispatcher).claim(taskId, { kind: 'worker', host: 'quay' }),
    );
    expect(claim).toMatchObject({ taskId, attempt: 1, version: 0, position: 3 });
    expect(claim.leaseUntilMs).toBe(harbour.clock.nowMs() + defaultPolicy.claimTtlMs);
    expect(harbour.log.tries.at(-1)?.map(({ stream }) => stream)).toEqual([
      streams.task(taskId),
      streams.run(claim.runId),
    ]);
    const [opened] = await harbour.events(streams.run(claim.runId));
    expect(opened).toMatchObject({
      type: 'RunOpened',
      data: {
        taskId,
        attempt: 1,
        kind: 'worker',
        assignee: 'painter',
        claimedBy: 'quay',
        host: 'quay',
        ttlMs: defaultPolicy.claimTtlMs,
        launchLeaseMs: defaultPolicy.launchLeaseMs,
      },
      meta: { $correlationId: claim.runId },
    });
  });

  it('takes its own terms where the caller names them', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const runId = 'R-00000000RVN1';
    const terms = { runId, ttlMs: 5_000, claimedBy: 'eve', tokenHash: 'a'.repeat(64) };
    const claim = await accepted(harbour.board.as(ada).claim(taskId, terms));
    expect(claim).toMatchObject({ runId, leaseUntilMs: harbour.clock.nowMs() + 5_000 });
    const [opened] = await harbour.events(streams.run(runId));
    expect(opened?.data).toMatchObject({ kind: 'external', claimedBy: 'eve', ttlMs: 5_000 });
  });

  it('never opens a run a second time', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'silent'));
    expect(await refused(harbour.board.as(dispatcher).claim(taskId, { runId }))).toMatchObject({
      code: 'already_exists',
      facts: { runId, taskId },
    });
  });

  it('of an unknown task is refused', async () => {
    const { board } = openHarbour();
    expect(await refused(board.as(ada).claim('T-0000000099'))).toMatchObject({
      code: 'no_such_task',
      facts: { taskId: 'T-0000000099' },
    });
  });

  it('with a malformed run id is refused, and nothing is written', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const refusal = await refused(harbour.board.as(ada).claim(taskId, { runId: '../etc' }));
    expect(refusal.code).toBe('invalid');
    expect(await storyOfTask(harbour, taskId)).toEqual(['TaskCreated']);
  });
});

describe('claims that race', () => {
  it('over one log have exactly one winner', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const boards = Array.from({ length: 8 }, () => harbour.another());
    const answers = await Promise.all(boards.map((board) => board.as(dispatcher).claim(taskId)));
    const [winner, ...others] = answers.filter(({ refused: lost }) => !lost);
    expect(others).toEqual([]);
    expect(await storyOfTask(harbour, taskId)).toEqual(['TaskCreated', 'TaskClaimed']);
    const losers = answers.filter((answer) => answer !== winner);
    for (const loser of losers) {
      expect(loser).toMatchObject({
        code: 'already_claimed',
        facts: { runId: winner && 'runId' in winner ? winner.runId : undefined },
      });
    }
  });

  it('leave no run behind for the loser', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const rival = harbour.another();
    harbour.log.beforeNextAppend(() => rival.as(dispatcher).claim(taskId));
    const runId = 'R-00000000L0SE';
    await refused(harbour.board.as(dispatcher).claim(taskId, { runId }));
    expect(await harbour.events(streams.run(runId))).toEqual([]);
  });

  it('with an edit are decided again and still won', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const rival = harbour.another();
    harbour.log.beforeNextAppend(() => rival.as(ada).edit(taskId, { body: 'Red.' }));
    await accepted(harbour.board.as(dispatcher).claim(taskId));
    expect(await storyOfTask(harbour, taskId)).toEqual([
      'TaskCreated',
      'TaskEdited',
      'TaskClaimed',
    ]);
  });
});

describe('the parents of a claim', () => {
  it('are waited for', async () => {
    const harbour = openHarbour();
    const parent = await aTask(harbour);
    const child = await aTask(harbour, { parents: [parent] });
    const refusal = await refused(harbour.board.as(dispatcher).claim(child));
    expect(refusal).toMatchObject({ code: 'parents_open', facts: { openParents: [parent] } });
    await accepted(harbour.board.as(ada).complete(parent, {}));
    await accepted(harbour.board.as(dispatcher).claim(child));
  });

  it('are pinned: one that is reopened at the last moment stops it', async () => {
    const harbour = openHarbour();
    const parent = await aTask(harbour);
    await accepted(harbour.board.as(ada).complete(parent, {}));
    const child = await aTask(harbour, { parents: [parent] });
    const rival = harbour.another();
    harbour.log.beforeNextAppend(() => rival.as(ada).reopen(parent));
    const refusal = await refused(harbour.board.as(dispatcher).claim(child));
    expect(refusal).toMatchObject({ code: 'parents_open', facts: { openParents: [parent] } });
    expect(await storyOfTask(harbour, child)).toEqual(['TaskCreated']);
  });

  it('may be edited at the last moment: the claim is decided again and goes on', async () => {
    const harbour = openHarbour();
    const parent = await aTask(harbour);
    await accepted(harbour.board.as(ada).complete(parent, {}));
    const child = await aTask(harbour, { parents: [parent] });
    const rival = harbour.another();
    harbour.log.beforeNextAppend(() => rival.as(ada).edit(parent, { summary: 'Sanded.' }));
    await accepted(harbour.board.as(dispatcher).claim(child));
  });

  it('that were skipped by force are not pinned', async () => {
    const harbour = openHarbour();
    const parent = await aTask(harbour);
    const child = await aTask(harbour, { parents: [parent] });
    await accepted(harbour.board.as(ada).promote(child, { forced: true }));
    await accepted(harbour.board.as(dispatcher).claim(child));
    expect(harbour.log.tries.at(-1)?.map(({ stream }) => stream)).not.toContain(
      streams.task(parent),
    );
  });
});

it('a lease is extended for the run that holds the task, and for no other', async () => {
  const harbour = openHarbour();
  const { taskId, runId } = await aRunningTask(harbour);
  const word = { ttlMs: 60_000, reason: 'Its process is alive.', evidence: { pid: 4711 } };
  const commands = harbour.board.as(dispatcher);
  expect(await accepted(commands.extendLease(taskId, { runId, ...word }))).toMatchObject({
    position: 4,
  });
  expect(await storyOfTask(harbour, taskId)).toContain('LeaseExtended');
  const other = commands.extendLease(taskId, { runId: 'R-00000000L0SE', ...word });
  expect(await refused(other)).toMatchObject({ code: 'not_current_run', facts: { runId } });
});
