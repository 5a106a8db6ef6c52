/** What a worker holds, and what it is shown. */
import { describe, expect, it } from 'vitest';
import { createRunHandle } from '../../src/app/run-handle.ts';
import { streams } from '../../src/domain/catalogue.ts';
import { aRunningTask, aTask, type Harbour, openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';

const tokenHash = 'a'.repeat(64);

/** The handle of a run on a task, in another process than the one that claimed it. */
async function aHandle(harbour: Harbour, taskId: string) {
  const { runId, attempt } = await accepted(
    harbour.board.as(dispatcher).claim(taskId, { tokenHash }),
  );
  return createRunHandle(harbour.another(), { taskId, runId, attempt, tokenHash });
}

describe('a run in the hands of its worker', () => {
  it('writes to its own run, with its proof and in its name', async () => {
    const harbour = openHarbour();
    const taskId = await aTask(harbour);
    const run = await aHandle(harbour, taskId);
    await accepted(run.heartbeat({ note: 'sanding', progress: 0.5 }));
    await accepted(run.comment('Mind the name.'));
    await accepted(run.complete({ summary: 'Two coats.' }, { review: true }));
    expect(await harbour.events(streams.run(run.runId))).toMatchObject([
      { type: 'RunOpened' },
      { type: 'HeartbeatRecorded', data: { note: 'sanding', progress: 0.5 } },
      {
        type: 'RunCompleted',
        data: { summary: 'Two coats.', review: true },
        meta: { actor: workerOf(run.runId).actor, surface: 'sdk' },
      },
    ]);
    expect((await harbour.events(streams.note(taskId)))[0]?.data).toMatchObject({
      runId: run.runId,
    });
  });

  it('can ask for help, or give the task back', async () => {
    const harbour = openHarbour();
    const asking = await aHandle(harbour, await aTask(harbour));
    await accepted(asking.block({ cause: 'needs_input', reason: 'Which colour?' }));
    expect((await asking.task()).status).toBe('blocked');
    const giving = await aHandle(harbour, await aTask(harbour));
    await accepted(giving.release('no brush'));
    expect((await giving.task()).status).toBe('scheduled');
  });

  it('hears at its next beat that the run is over', async () => {
    const harbour = openHarbour();
    const run = await aHandle(harbour, await aTask(harbour));
    await accepted(harbour.board.as(ada).reclaim(run.taskId, 'too slow'));
    expect((await refused(run.heartbeat())).code).toBe('stale_run');
  });

  it('can ask its guard again before it does what cannot be undone', async () => {
    const harbour = openHarbour();
    const run = await aHandle(harbour, await aTask(harbour));
    await accepted(run.guard());
    await accepted(harbour.board.as(ada).reclaim(run.taskId, 'too slow'));
    expect((await refused(run.guard())).code).toBe('stale_run');
  });

  it('sees its task and what the parents handed on, as of now', async () => {
    const harbour = openHarbour();
    const sand = await aTask(harbour, { title: 'Sand' });
    await accepted(harbour.board.as(ada).complete(sand, { summary: 'Smooth.' }));
    const run = await aHandle(harbour, await aTask(harbour, { parents: [sand] }));
    await accepted(harbour.board.as(ada).edit(run.taskId, { body: 'Red.' }));
    expect(await run.task()).toMatchObject({ body: 'Red.', status: 'running', attempts: 1 });
    expect(await run.parents()).toMatchObject([
      { taskId: sand, title: 'Sand', handOff: { summary: 'Smooth.' } },
    ]);
  });
});

describe('the context of a task', () => {
  it('gathers the attempts, the results of the parents, recent work and the comments', async () => {
    const harbour = openHarbour();
    const commands = harbour.board.as(ada);
    const fields = { assignee: 'painter' };
    const mast = await aRunningTask(harbour, { title: 'Paint the mast', ...fields });
    await accepted(commands.completeRun(mast.runId, { summary: 'Mast is red.' }));
    const sand = await aTask(harbour, { title: 'Sand the hull' });
    await accepted(commands.complete(sand, { summary: 'Smooth.', result: 'grain 240' }));
    const hull = await aRunningTask(harbour, { parents: [sand], body: 'Two coats.', ...fields });
    await accepted(commands.comment(hull.taskId, { body: 'Mind the name.' }));
    await accepted(
      harbour.board.as(dispatcher).endRun(hull.runId, {
        type: 'CrashRun',
        exit: { exitCode: 1 },
        error: 'out of paint',
        evidence: {},
      }),
    );
    const text = await harbour.board.context(hull.taskId);
    for (const part of [
      `# Paint the hull\n\n- id: ${hull.taskId}\n- status: scheduled\n- assignee: painter`,
      '## Task\n\nTwo coats.',
      '### Attempt 1: crashed\nerror: out of paint',
      `### Sand the hull (${sand})\nsummary: Smooth.\nresult: grain 240`,
      `- ${mast.taskId}: Mast is red.`,
      'Comment from ada:\n> Mind the name.',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('of a task nobody knows is refused', async () => {
    const { board } = openHarbour();
    expect(await board.context('T-0000000099')).toMatchObject({ code: 'no_such_task' });
  });
});
