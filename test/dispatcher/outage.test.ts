/** One assignee that fails everywhere: it is probed, and its tasks do not pay for it. */
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { codec } from '../../src/log/codec.ts';
import { aScene, type Scene } from './a-dispatcher.ts';
import type { FakeWorker } from './fake-machine.ts';
import { liveFor, mostStartsWithin, startsOf } from './pace.ts';

const minute = 60_000;

/** What every script of the board answers from now on. */
interface Provider {
  exitCode: number;
}

async function anOutage(rules: Parameters<typeof aScene>[0] = {}, pids = [1]) {
  const scene = await aScene(rules);
  const provider: Provider = { exitCode: 1 };
  const tasks: string[] = [];
  for (let n = 0; n < 50; n += 1) tasks.push(await scene.task({ assignee: 'script' }));
  const dispatchers = pids.map((pid) => scene.dispatcher({ pid }));
  for (const dispatcher of dispatchers) await dispatcher.start();
  const answer = (worker: FakeWorker) => worker.exit(provider.exitCode);
  const live = (forMs: number) => liveFor(scene, forMs, answer);
  return { scene, provider, tasks, dispatchers, live };
}

async function rows({ board, clock }: Scene, tasks: readonly string[]) {
  const queries = await board.read();
  return tasks.map((taskId) => {
    const row = queries.task(taskId, clock.nowMs());
    if (row === undefined) throw new Error(`there is no ${taskId}`);
    return row;
  });
}

describe('an assignee that fails alike on three tasks', () => {
  it('is probed by one run: 50 tasks, at most 5 starts a minute, none halted', async () => {
    const { scene, provider, tasks, live } = await anOutage();
    await live(60 * minute);
    const starts = startsOf(scene);
    expect(mostStartsWithin(minute, starts)).toBeLessThanOrEqual(5);
    expect(starts.length).toBeGreaterThan(5 + 3);
    expect(starts.length).toBeLessThan(5 + 60);
    const held = await rows(scene, tasks);
    expect(new Set(held.map(({ status }) => status))).not.toContain('halted');
    expect(held.filter(({ failures }) => failures > 0).length).toBeLessThanOrEqual(5);
    expect(Math.max(...held.map(({ failures }) => failures))).toBe(1);

    provider.exitCode = 0;
    await live(20 * minute);
    expect((await rows(scene, tasks)).every(({ status }) => status === 'done')).toBe(true);
  });

  it('leaves the budgets alone even where it may have one worker only', async () => {
    const { scene, tasks } = await anOutage({ maxRunning: 1 });
    // Long enough that whoever failed is ready again before the next one fails.
    const isDone = (startMs: number) => scene.clock.monoMs() - startMs >= 5_000;
    await liveFor(scene, 10 * minute, (worker) => {
      if (isDone(worker.identity.startTime)) worker.exit(1);
    });
    const held = await rows(scene, tasks);
    expect(held.filter(({ failures }) => failures > 0)).toHaveLength(3);
    expect(Math.max(...held.map(({ failures }) => failures))).toBe(1);
  });

  it('stands as the excuse of what fails meanwhile', async () => {
    const { scene, live } = await anOutage();
    await live(5 * minute);
    const requeued = (await scene.log.readAll())
      .map(codec.decode)
      .flatMap((event) => (event.type === 'TaskRequeued' ? [event.data] : []));
    const excused = requeued.filter(({ hold }) => hold === 'outage');
    expect(excused.length).toBeGreaterThan(0);
    expect(excused[0]?.evidence).toMatchObject({ outcome: 'crashed', code: '1', tasks: 3 });
    expect(requeued.filter(({ hold, evidence }) => hold !== 'outage' && evidence)).toEqual([]);
  });

  it('does not hold up anybody else', async () => {
    const { scene, live } = await anOutage();
    await live(5 * minute);
    const other = await scene.task({ assignee: 'agent' });
    await scene.clock.settle();
    expect(await scene.status(other)).toBe('running');
  });

  it('says why nothing is started, and when it is tried again', async () => {
    const { dispatchers, live } = await anOutage();
    await live(10_000);
    const { waits } = await dispatchers[0]!.dryRun();
    expect(waits).toContainEqual({
      do: 'wait',
      subject: 'script',
      until: expect.stringMatching(/^script is tried again: it failed on \d tasks \(crashed, 1\)$/),
      forMs: expect.any(Number),
    });
  });

  it('is seen alike by five dispatchers: they start one probe together', async () => {
    const { scene, live } = await anOutage({}, [1, 2, 3, 4, 5]);
    await live(10_000);
    const before = scene.machine.workers.length;
    expect(before).toBeLessThanOrEqual(5);
    let atOnce = 0;
    const running = () =>
      scene.machine.workers.filter(({ condition }) => condition === 'running').length;
    await liveFor(scene, 30 * minute, (worker) => {
      atOnce = Math.max(atOnce, running());
      worker.exit(1);
    });
    expect(atOnce).toBe(1);
    expect(scene.machine.workers.length - before).toBeLessThan(10);
  });

  it('is probed once where two dispatchers claim at the same moment', async () => {
    const { scene, dispatchers, live } = await anOutage();
    await live(10_000);
    await dispatchers[0]!.stop();
    await scene.clock.advance(minute);
    const before = scene.machine.workers.length;
    // Both look before either has claimed; one is shown the youngest task first.
    const board = (real: Board): Board => ({
      ...real,
      read: async () => {
        const queries = await real.read();
        const ready: typeof queries.ready = (...asked) => queries.ready(...asked).toReversed();
        return { ...queries, ready };
      },
    });
    await Promise.all([
      scene.dispatcher({ pid: 2 }).once(),
      scene.dispatcher({ pid: 3, board }).once(),
    ]);
    expect(scene.machine.workers).toHaveLength(before + 1);
    expect((await scene.board.read()).openRunCount()).toBe(1);
  });

  it('is remembered by the log: a dispatcher that has just started knows of it', async () => {
    const { scene, dispatchers, live } = await anOutage();
    await live(10_000);
    const before = scene.machine.workers.length;
    await dispatchers[0]!.stop();
    await scene.dispatcher({ pid: 2 }).start();
    await live(40_000);
    expect(scene.machine.workers).toHaveLength(before);
    await live(30_000);
    expect(scene.machine.workers).toHaveLength(before + 1);
  });

  it('is trusted again when a person pauses the board and resumes it', async () => {
    const { scene, provider, tasks, live } = await anOutage();
    await scene.operator.changeBoard({ type: 'CreateBoard', name: 'b', epoch: 'e' });
    await live(10_000);
    provider.exitCode = 0;
    await scene.operator.changeBoard({ type: 'PauseBoard' });
    await scene.operator.changeBoard({ type: 'ResumeBoard' });
    await live(10_000);
    expect((await rows(scene, tasks)).every(({ status }) => status === 'done')).toBe(true);
  });

  it('with rate limits is no different', async () => {
    const { scene, provider, tasks, live } = await anOutage();
    provider.exitCode = 75;
    await live(30 * minute);
    expect(mostStartsWithin(minute, startsOf(scene))).toBeLessThanOrEqual(5);
    expect((await rows(scene, tasks)).every(({ failures }) => failures === 0)).toBe(true);
  });
});

it('is no outage where the rule is switched off', async () => {
  const { scene, tasks, live } = await anOutage({ outageTasks: 0 });
  await live(minute);
  expect((await rows(scene, tasks)).every(({ status }) => status === 'halted')).toBe(true);
});
