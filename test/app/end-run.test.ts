/** The end of a run and what follows: one append, one winner, and latecomers who change nothing. */
import { describe, expect, it } from 'vitest';
import { eventId } from '../../src/app/event-id.ts';
import { streams } from '../../src/domain/catalogue.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { EndRun } from '../../src/domain/run/commands.ts';
import { aRunningTask, type Harbour, openHarbour, storyOfTask } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';

const crash: EndRun = { type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence: {} };
const stale: EndRun = { type: 'MarkRunStale', silentMs: 3_600_000, evidence: {} };

/** Claims the task and lets the run crash, as soon as its backoff is over. */
async function crashOnce(harbour: Harbour, taskId: string) {
  harbour.clock.stepWall(defaultPolicy.retryBackoffMaxMs);
  const { runId } = await accepted(harbour.board.as(dispatcher).claim(taskId));
  return accepted(harbour.board.as(dispatcher).endRun(runId, crash));
}

describe("a worker's result", () => {
  it('ends the run and its task in one append, the one because of the other', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const worker = { ...workerOf(runId), commandId: 'c-7' };
    expect(
      await accepted(harbour.board.as(worker).completeRun(runId, { summary: 'Two coats.' })),
    ).toMatchObject({ taskId, runId, version: 1, position: 5, changed: true });

    expect(harbour.log.tries.at(-1)).toHaveLength(2);
    const ended = (await harbour.events(streams.run(runId))).at(-1);
    const completed = (await harbour.events(streams.task(taskId))).at(-1);
    expect(ended).toMatchObject({ type: 'RunCompleted', data: { summary: 'Two coats.' } });
    expect(ended?.meta).toMatchObject({ $correlationId: runId, $causationId: 'c-7' });
    expect(completed).toMatchObject({
      type: 'TaskCompleted',
      data: { runId, summary: 'Two coats.' },
    });
    expect(completed?.meta).toMatchObject({ $correlationId: runId, $causationId: ended?.id });
  });

  it("gives the task's event an id that anybody derives from the run's", async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(workerOf(runId)).completeRun(runId, {}));
    const ended = (await harbour.events(streams.run(runId))).at(-1)!;
    const completed = (await harbour.events(streams.task(taskId))).at(-1)!;
    expect(completed.id).toBe(eventId(streams.task(taskId), ended.id, 0));
  });

  it('given twice is given once', async () => {
    const harbour = openHarbour();
    const { runId } = await aRunningTask(harbour);
    const worker = harbour.board.as(workerOf(runId));
    const first = await accepted(worker.completeRun(runId, { summary: 'Two coats.' }));
    const again = await accepted(worker.completeRun(runId, { summary: 'Two coats.' }));
    expect(again).toMatchObject({ version: first.version, changed: false });
  });

  it('needs the token, when the run has one', async () => {
    const harbour = openHarbour();
    const taskId = (await accepted(harbour.board.as(ada).create({ title: 'Paint' }))).taskId;
    const tokenHash = 'a'.repeat(64);
    const { runId } = await accepted(harbour.board.as(dispatcher).claim(taskId, { tokenHash }));
    const worker = harbour.board.as(workerOf(runId));
    expect((await refused(worker.completeRun(runId, {}))).code).toBe('token_invalid');
    await accepted(worker.completeRun(runId, {}, { tokenHash }));
    expect((await harbour.events(streams.refused(taskId))).map(({ data }) => data)).toMatchObject([
      { runId, attempted: 'CompleteRun', code: 'token_invalid', by: workerOf(runId).actor },
    ]);
  });

  it('is taken although it has beaten more often than can be counted', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const worker = harbour.board.as(workerOf(runId));
    const most = { coalesced: Number.MAX_SAFE_INTEGER };
    for (const note of ['sanding', 'painting']) {
      await accepted(worker.heartbeat(runId, { note, ...most }));
    }
    await accepted(worker.completeRun(runId, {}));
    const queries = await harbour.board.read();
    expect(queries.task(taskId, harbour.clock.nowMs())?.status).toBe('done');
    expect(queries.run(runId)?.beats.count).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('can also be a question, or the task itself given back', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(workerOf(runId)).releaseRun(runId, 'no brush'));
    harbour.clock.stepWall(1_000);
    const next = await accepted(harbour.board.as(dispatcher).claim(taskId));
    await accepted(
      harbour.board
        .as(workerOf(next.runId))
        .blockRun(next.runId, { cause: 'needs_input', reason: 'Which colour?' }),
    );
    expect((await storyOfTask(harbour, taskId)).slice(1)).toEqual([
      'TaskClaimed',
      'TaskRequeued',
      'TaskClaimed',
      'TaskBlocked',
    ]);
  });
});

describe('a stale worker', () => {
  it('that completes after it was reclaimed changes nothing, and leaves one trace', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'silent for 16 min'));
    const { runId: successor } = await accepted(harbour.board.as(dispatcher).claim(taskId));
    const before = await harbour.events();

    const late = harbour.another().as(workerOf(runId));
    expect(await refused(late.completeRun(runId, { summary: 'Mine!' }))).toMatchObject({
      code: 'stale_run',
      facts: { runId, taskId, outcome: 'reclaimed', endedBy: 'human ada' },
    });

    const [trace, ...more] = (await harbour.events()).slice(before.length);
    expect(more).toEqual([]);
    expect(trace).toMatchObject({
      stream: streams.refused(taskId),
      type: 'WriteRefused',
      data: {
        runId,
        attempted: 'CompleteRun',
        code: 'stale_run',
        by: workerOf(runId).actor,
        actualVersion: 1,
      },
      meta: { actor: workerOf(runId).actor, $correlationId: runId },
    });
    await accepted(harbour.board.as(workerOf(successor)).completeRun(successor, {}));
  });

  it('leaves a trace that names the command it was refused', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'silent'));
    const late = harbour.board.as({ ...workerOf(runId), commandId: 'c-7' });
    await refused(late.completeRun(runId, {}));
    const [trace] = await harbour.events(streams.refused(taskId));
    expect(trace?.meta.$causationId).toBe('c-7');
    expect(trace?.meta.commandId).not.toBe('c-7');
  });

  it('that completes while it is being reclaimed loses or wins, and never both', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    const elsewhere = harbour.another();
    harbour.log.beforeNextAppend(() => elsewhere.as(ada).reclaim(taskId, 'silent'));
    const late = harbour.board.as(workerOf(runId)).completeRun(runId, { summary: 'Mine!' });
    expect((await refused(late)).code).toBe('stale_run');
    expect((await storyOfTask(harbour, taskId)).at(-1)).toBe('TaskRequeued');
  });

  it('is recorded twenty times, then summed up once, then ignored', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'silent'));
    const late = harbour.board.as(workerOf(runId));
    for (let i = 0; i < 25; i += 1) await refused(late.heartbeat(runId, { note: `still ${i}` }));
    const traces = await harbour.events(streams.refused(taskId));
    expect(traces.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 20 }, () => 'WriteRefused'),
      'RefusalsSummarized',
    ]);
    expect(traces.at(-1)?.data).toEqual({ runId, countedFrom: 21 });
  });

  it('is recorded no more often when it writes from many places at once', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'silent'));
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        refused(
          harbour
            .another()
            .as(workerOf(runId))
            .heartbeat(runId, { note: `still ${i}` }),
        ),
      ),
    );
    const traces = await harbour.events(streams.refused(taskId));
    expect(traces.filter(({ type }) => type === 'WriteRefused')).toHaveLength(20);
    expect(traces.filter(({ type }) => type === 'RefusalsSummarized')).toHaveLength(1);
  });

  it('hears the refusal even when its trace cannot be kept', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'silent'));
    harbour.log.failNext(new Error('The disk is full.'));
    const late = harbour.board.as(workerOf(runId)).completeRun(runId, {});
    expect((await refused(late)).code).toBe('stale_run');
    expect(await harbour.events(streams.refused(taskId))).toEqual([]);
  });
});

describe('a run that is judged from outside', () => {
  it('is ended as it was seen', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(dispatcher).endRun(runId, stale, 0));
    expect((await storyOfTask(harbour, taskId)).at(-1)).toBe('TaskRequeued');
  });

  it('is left alone when it has shown life since', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(workerOf(runId)).heartbeat(runId, { note: 'alive' }));
    const before = await harbour.events();
    expect(await refused(harbour.board.as(dispatcher).endRun(runId, stale, 0))).toMatchObject({
      code: 'run_moved',
      facts: { runId, taskId },
    });
    expect(await harbour.events()).toEqual(before);
  });

  it('is left alone even when the sign of life comes at the last moment', async () => {
    const harbour = openHarbour();
    const { runId } = await aRunningTask(harbour);
    const elsewhere = harbour.another();
    harbour.log.beforeNextAppend(() => elsewhere.as(ada).heartbeat(runId, { note: 'alive' }));
    const judged = harbour.board.as(dispatcher).endRun(runId, stale, 0);
    expect((await refused(judged)).code).toBe('run_moved');
  });

  it('leaves no trace of a dispatcher that came too late: it threatened nobody', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour);
    await accepted(harbour.board.as(workerOf(runId)).completeRun(runId, {}));
    expect((await refused(harbour.board.as(dispatcher).endRun(runId, crash))).code).toBe(
      'stale_run',
    );
    expect(await harbour.events(streams.refused(taskId))).toEqual([]);
  });
});

describe('reclaiming a task', () => {
  it('gives it to another assignee in the same append, when one is named', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await aRunningTask(harbour, { assignee: 'painter' });
    await accepted(harbour.board.as(ada).reclaim(taskId, 'too slow', { assignee: 'rigger' }));
    const append = harbour.log.tries.at(-1)!;
    expect(append.map(({ stream, events }) => [stream, events.map(({ type }) => type)])).toEqual([
      [streams.run(runId), ['RunReclaimed']],
      [streams.task(taskId), ['TaskRequeued', 'TaskAssigned']],
    ]);
    expect((await harbour.events(streams.run(runId))).at(-1)?.data).toMatchObject({
      reason: 'too slow',
      evidence: { by: 'ada', surface: 'cli' },
    });
  });

  it('says nothing about an assignee who stays', async () => {
    const harbour = openHarbour();
    const { taskId } = await aRunningTask(harbour, { assignee: 'painter' });
    await accepted(harbour.board.as(ada).reclaim(taskId, 'hm', { assignee: 'painter' }));
    expect((await storyOfTask(harbour, taskId)).at(-1)).toBe('TaskRequeued');
  });

  it('needs a run to take it from', async () => {
    const harbour = openHarbour();
    const { taskId } = await accepted(harbour.board.as(ada).create({ title: 'Paint' }));
    const refusal = await refused(harbour.board.as(ada).reclaim(taskId, 'why not'));
    expect(refusal).toMatchObject({ code: 'not_running', facts: { taskId, status: 'ready' } });
    const unknown = harbour.board.as(ada).reclaim('T-0000000099', 'why not');
    expect((await refused(unknown)).code).toBe('no_such_task');
  });
});

describe('the breaker', () => {
  it('halts a task whose failures in a row reach the limit', async () => {
    const harbour = openHarbour();
    const { taskId } = await accepted(harbour.board.as(ada).create({ title: 'Paint' }));
    await crashOnce(harbour, taskId);
    await crashOnce(harbour, taskId);
    expect((await storyOfTask(harbour, taskId)).at(-1)).toBe('TaskHalted');
    const claim = harbour.board.as(dispatcher).claim(taskId);
    expect(await refused(claim)).toMatchObject({ code: 'not_ready', facts: { status: 'halted' } });
  });

  it('lets nothing resume the task but a person, whatever happens around it', async () => {
    const harbour = openHarbour();
    const commands = harbour.board.as(ada);
    const { taskId: parent } = await accepted(commands.create({ title: 'Sand' }));
    await accepted(commands.complete(parent, {}));
    const { taskId } = await accepted(commands.create({ title: 'Paint', parents: [parent] }));
    await crashOnce(harbour, taskId);
    await crashOnce(harbour, taskId);

    await accepted(commands.reopen(parent));
    await accepted(commands.complete(parent, {}));
    await accepted(commands.edit(taskId, { maxRetries: 9 }));
    await accepted(commands.assign(taskId, 'rigger'));
    await accepted(commands.resetFailures(taskId));
    await accepted(commands.unlink(parent, taskId));
    await accepted(commands.archive(taskId));
    await accepted(commands.restore(taskId));
    expect((await refused(commands.promote(taskId, { forced: true }))).code).toBe('wrong_status');
    expect((await refused(harbour.board.as(dispatcher).claim(taskId))).code).toBe('not_ready');

    await accepted(commands.unblock(taskId, 'New paint.'));
    await accepted(harbour.board.as(dispatcher).claim(taskId));
  });

  it('starts counting anew after a success', async () => {
    const harbour = openHarbour();
    const { taskId } = await accepted(harbour.board.as(ada).create({ title: 'Paint' }));
    await crashOnce(harbour, taskId);
    harbour.clock.stepWall(defaultPolicy.retryBackoffMaxMs);
    const { runId } = await accepted(harbour.board.as(dispatcher).claim(taskId));
    await accepted(harbour.board.as(workerOf(runId)).completeRun(runId, {}));
    await accepted(harbour.board.as(ada).reopen(taskId));
    await crashOnce(harbour, taskId);
    expect((await storyOfTask(harbour, taskId)).at(-1)).toBe('TaskRequeued');
  });
});

it('a beat answers until when silence is no reason to worry', async () => {
  const harbour = openHarbour();
  const { taskId, runId } = await aRunningTask(harbour);
  const worker = harbour.board.as(workerOf(runId));
  const openedAtMs = harbour.clock.nowMs();
  harbour.clock.stepWall(1_000);
  expect(await accepted(worker.heartbeat(runId))).toMatchObject({
    changed: false,
    leaseUntilMs: openedAtMs + defaultPolicy.claimTtlMs,
  });
  expect(await accepted(worker.heartbeat(runId, { note: 'sanding' }))).toMatchObject({
    taskId,
    changed: true,
    leaseUntilMs: openedAtMs + 1_000 + defaultPolicy.claimTtlMs,
  });
});

it('nothing is written to a run that nobody opened', async () => {
  const harbour = openHarbour();
  const refusal = await refused(harbour.board.as(ada).heartbeat('R-000000000099'));
  expect(refusal).toMatchObject({ code: 'no_such_run', facts: { runId: 'R-000000000099' } });
  expect(await harbour.events()).toEqual([]);
});
