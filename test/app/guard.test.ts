/** The startup guard on a board: who may begin to work, and what is left of those who may not. */
import { describe, expect, it } from 'vitest';
import { streams } from '../../src/domain/catalogue.ts';
import { codec } from '../../src/log/codec.ts';
import { otherTokenHash, spawned, tokenHash } from '../kit/a-run.ts';
import { aTask, type Harbour, openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher, refused, workerOf } from '../kit/callers.ts';

/** A run that holds a task, and its worker in a process of its own. */
async function hire(harbour: Harbour) {
  const taskId = await aTask(harbour);
  const { runId } = await accepted(harbour.board.as(dispatcher).claim(taskId, { tokenHash }));
  const worker = harbour.another().as(workerOf(runId));
  const ask = (shown: { taskId?: string | undefined; tokenHash?: string | undefined } = {}) =>
    worker.startWorker(runId, { taskId, tokenHash, ...shown });
  const refusals = () => harbour.events(streams.refused(taskId));
  return { taskId, runId, ask, refusals };
}

describe('the startup guard', () => {
  it('lets the worker of the run that holds its task begin, and is recorded once', async () => {
    const harbour = openHarbour();
    const { runId, ask } = await hire(harbour);
    expect(await accepted(ask())).toMatchObject({ changed: true });
    expect(await accepted(ask())).toMatchObject({ changed: false });
    const story = await harbour.events(streams.run(runId));
    expect(story.map(({ type }) => type)).toEqual(['RunOpened', 'WorkerStarted']);
  });

  it('may be asked again at any time, and says no from the moment the run is over', async () => {
    const harbour = openHarbour();
    const { taskId, ask } = await hire(harbour);
    await accepted(ask());
    await accepted(harbour.board.as(ada).reclaim(taskId, 'too slow'));
    expect((await refused(ask())).code).toBe('stale_run');
  });

  it.each([
    ['no token', { tokenHash: undefined }, 'token_invalid'],
    ['another token', { tokenHash: 'b'.repeat(64) }, 'token_invalid'],
    ['no task', { taskId: undefined }, 'not_current_run'],
    ['a task that does not exist', { taskId: 'T-0000000099' }, 'not_current_run'],
  ])('turns away who shows %s, keeps one entry and counts no failure', async (_, shown, code) => {
    const harbour = openHarbour();
    const { taskId, runId, ask, refusals } = await hire(harbour);
    expect((await refused(ask(shown))).code).toBe(code);
    expect(await refusals()).toMatchObject([
      { type: 'WriteRefused', data: { runId, attempted: 'StartWorker', code } },
    ]);
    const queries = await harbour.board.read();
    expect(queries.task(taskId, harbour.clock.nowMs())).toMatchObject({
      status: 'running',
      failures: 0,
    });
    expect(await harbour.events(streams.run(runId))).toHaveLength(1);
  });

  it('turns away who was given the task of another run', async () => {
    const harbour = openHarbour();
    const [one, two] = [await hire(harbour), await hire(harbour)];
    expect((await refused(one.ask({ taskId: two.taskId }))).code).toBe('not_current_run');
    expect(await one.refusals()).toHaveLength(1);
    expect(await two.refusals()).toHaveLength(0);
  });

  it('asks the task as well: a run that nobody ended may have lost it', async () => {
    const harbour = openHarbour();
    const { taskId, runId, ask } = await hire(harbour);
    // Where two streams cannot be written at once, the one is a moment ahead of the other.
    const outcome = 'reclaimed' as const;
    const event = { type: 'TaskRequeued', data: { runId, outcome, failures: 0 } } as const;
    const meta = { ...ada, commandId: 'c', $correlationId: 'c', $causationId: 'c', at: 1 };
    const events = [codec.encode('00000000-0000-5000-8000-000000000001', event, meta)];
    await harbour.log.append([{ stream: streams.task(taskId), expected: 'any', events }]);
    expect((await refused(ask())).code).toBe('not_current_run');
  });

  it('is asked by the dispatcher as it records the process: one append, or none', async () => {
    const harbour = openHarbour();
    const { taskId, runId } = await hire(harbour);
    const launcher = harbour.board.as(dispatcher);
    const record = (shown: string) =>
      launcher.recordSpawn(runId, spawned.data, { taskId, tokenHash: shown });
    expect((await refused(record(otherTokenHash))).code).toBe('token_invalid');
    await accepted(record(tokenHash));
    const story = await harbour.events(streams.run(runId));
    expect(story.map(({ type }) => type)).toEqual(['RunOpened', 'WorkerSpawned', 'WorkerStarted']);
    const [, process, start] = story.map(({ meta }) => meta.commandId);
    expect(start).toBe(process);
  });

  it('keeps an entry of a worker that its dispatcher did not let go, too', async () => {
    const harbour = openHarbour();
    const { taskId, runId, refusals } = await hire(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'not now'));
    const launcher = harbour.board.as(dispatcher);
    await refused(launcher.recordSpawn(runId, spawned.data, { taskId, tokenHash }));
    expect(await refusals()).toMatchObject([{ data: { attempted: 'RecordSpawn' } }]);
  });

  it('that is hammered leaves twenty entries and a summary', async () => {
    const harbour = openHarbour();
    const { taskId, ask, refusals } = await hire(harbour);
    await accepted(harbour.board.as(ada).reclaim(taskId, 'too slow'));
    for (let i = 0; i < 25; i += 1) await refused(ask());
    expect((await refusals()).map(({ type }) => type)).toEqual([
      ...Array.from({ length: 20 }, () => 'WriteRefused'),
      'RefusalsSummarized',
    ]);
  });

  it('decides on the run as it is when a reclaim comes in between', async () => {
    const harbour = openHarbour();
    const { taskId, ask } = await hire(harbour);
    const elsewhere = harbour.another();
    harbour.log.beforeNextAppend(() => elsewhere.as(ada).reclaim(taskId, 'too slow'));
    expect((await refused(ask())).code).toBe('stale_run');
  });
});
