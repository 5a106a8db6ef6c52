/** Operators' words on a task: done, blocked, archived, scheduled; with or without a run on it. */
import { describe, expect, it } from 'vitest';
import { streams } from '../../src/domain/catalogue.ts';
import { aRunningTask, aTask, openHarbour, storyOfTask } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused } from '../kit/callers.ts';

const handOff = { summary: 'Painted by hand.', metadata: { coats: 2 } };
const block = { cause: 'operator', reason: 'No paint.' } as const;

describe('completing a task by hand', () => {
  it('that was never claimed leaves a run of no length, which keeps the hand-off', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    await accepted(harbour.board.as(ada).complete(taskId, handOff));
    const [, completed] = await harbour.events(streams.task(taskId));
    expect(completed).toMatchObject({ type: 'TaskCompleted', data: handOff });
    const { runId } = completed!.data as { runId: string };
    const [opened, ended, ...more] = await harbour.events(streams.run(runId));
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      type: 'RunOpened',
      data: { taskId, attempt: 1, kind: 'record', claimedBy: 'ada' },
    });
    expect(ended).toMatchObject({
      type: 'RunCompleted',
      data: { ...handOff, heartbeats: { count: 0, maxGapMs: 0 }, review: false },
      meta: { actor: ada.actor },
    });
  });

  it('counts as one more attempt', async () => {
    const harbour = openHarbour();
    const { taskId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'too slow'));
    await accepted(harbour.board.as(ada).complete(taskId, handOff));
    const completed = (await harbour.events(streams.task(taskId))).at(-1);
    const { runId } = completed!.data as { runId: string };
    expect((await harbour.events(streams.run(runId)))[0]?.data).toMatchObject({ attempt: 2 });
  });

  it("that runs ends the run in the same append, in the operator's name", async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).complete(taskId, handOff));
    const streamsOfAppend = harbour.log.tries.at(-1)?.map(({ stream }) => stream);
    expect(streamsOfAppend).toEqual([streams.run(runId), streams.task(taskId)]);
    expect((await harbour.events(streams.run(runId))).at(-1)).toMatchObject({
      type: 'RunCanceled',
      data: { reason: 'completed by ada' },
      meta: { actor: ada.actor },
    });
    expect(await storyOfTask(harbour, taskId)).toEqual([
      'TaskCreated',
      'TaskClaimed',
      'TaskCompleted',
    ]);
  });

  it('ends the run even when its worker beats at the last moment', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const elsewhere = harbour.another();
    harbour.log.beforeNextAppend(() => elsewhere.as(ada).heartbeat(runId, { note: 'sanding' }));
    await accepted(harbour.board.as(ada).complete(taskId, handOff));
    const story = (await harbour.events(streams.run(runId))).map(({ type }) => type);
    expect(story).toEqual(['RunOpened', 'HeartbeatRecorded', 'RunCanceled']);
  });

  it('comes too late when the worker has completed it', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const elsewhere = harbour.another();
    harbour.log.beforeNextAppend(() => elsewhere.as(ada).completeRun(runId, { summary: 'Mine.' }));
    const refusal = await refused(harbour.board.as(ada).complete(taskId, handOff));
    expect(refusal.code).toBe('already_done');
    expect((await harbour.events(streams.run(runId))).at(-1)?.type).toBe('RunCompleted');
  });

  it('waits for the parents', async () => {
    const harbour = openHarbour();
    const parent = await aTask(harbour);
    const child = await aTask(harbour, { parents: [parent] });
    expect(await refused(harbour.board.as(ada).complete(child, {}))).toMatchObject({
      code: 'parents_open',
      facts: { openParents: [parent] },
    });
  });
});

describe('blocking a task by hand', () => {
  it('that was never claimed leaves a run of no length, which keeps the reason', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    await accepted(harbour.board.as(ada).block(taskId, block));
    const [, blocked] = await harbour.events(streams.task(taskId));
    const { runId } = blocked!.data as { runId: string };
    expect((await harbour.events(streams.run(runId))).at(-1)).toMatchObject({
      type: 'RunBlocked',
      data: block,
    });
    const claim = await accepted(unblockAndClaim(harbour, taskId));
    expect(claim.attempt).toBe(2);
  });

  it('that runs ends the run in the same append', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).block(taskId, block));
    expect(harbour.log.tries.at(-1)).toHaveLength(2);
    expect((await harbour.events(streams.run(runId))).at(-1)).toMatchObject({
      type: 'RunCanceled',
      data: { reason: 'blocked by ada' },
    });
  });
});

async function unblockAndClaim(harbour: ReturnType<typeof openHarbour>, taskId: string) {
  await accepted(harbour.board.as(ada).unblock(taskId));
  return harbour.board.as(dispatcher).claim(taskId);
}

describe('whatever else takes a task from its run ends the run in the same append', () => {
  it('the archive', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).archive(taskId, 'Season is over.'));
    expect(harbour.log.tries.at(-1)).toHaveLength(2);
    expect((await harbour.events(streams.run(runId))).at(-1)).toMatchObject({
      type: 'RunCanceled',
      data: { reason: 'archived by ada' },
    });
    await accepted(harbour.board.as(ada).restore(taskId));
    expect(await accepted(harbour.board.as(dispatcher).claim(taskId))).toMatchObject({
      attempt: 2,
    });
  });

  it('a schedule', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const laterMs = harbour.clock.nowMs() + 60_000;
    await accepted(harbour.board.as(ada).schedule(taskId, laterMs));
    expect((await harbour.events(streams.run(runId))).at(-1)).toMatchObject({
      type: 'RunCanceled',
      data: { reason: 'scheduled by ada' },
    });
    expect((await refused(harbour.board.as(dispatcher).claim(taskId))).code).toBe('held_until');
  });

  it('but an edit leaves the run alone', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).edit(taskId, { body: 'Red.' }));
    await accepted(harbour.board.as(ada).reprioritize(taskId, 7));
    expect(await harbour.events(streams.run(runId))).toHaveLength(1);
  });
});

describe('a review', () => {
  it('ends in done or back in the queue', async () => {
    const harbour = openHarbour();
    const commands = harbour.board.as(ada);
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(commands.completeRun(runId, handOff, { review: true }));
    await accepted(commands.review(taskId, { approve: false, reason: 'It drips.' }));
    const { runId: next } = await accepted(harbour.board.as(dispatcher).claim(taskId));
    await accepted(commands.completeRun(next, handOff, { review: true }));
    await accepted(commands.review(taskId, { approve: true }));
    expect((await storyOfTask(harbour, taskId)).slice(2)).toEqual([
      'ReviewRequested',
      'ReviewRejected',
      'TaskClaimed',
      'ReviewRequested',
      'ReviewApproved',
    ]);
  });

  it('is not rejected without a reason for the next attempt', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).completeRun(runId, handOff, { review: true }));
    const refusal = await refused(harbour.board.as(ada).review(taskId, { approve: false }));
    expect(refusal).toMatchObject({ code: 'invalid', facts: { taskId } });
  });
});
