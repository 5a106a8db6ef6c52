/** What is started, when, by whom, and how much of it: dispatchers on a board in memory. */
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { aScene } from './a-dispatcher.ts';
import type { FakeWorker } from './fake-machine.ts';

const hour = 3_600_000;

describe('a ready task', () => {
  it('is claimed and its worker let go as soon as it is there', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.settle();
    expect(await scene.status(taskId)).toBe('running');
    const worker = scene.machine.worker();
    expect(worker.condition).toBe('running');
    expect(await scene.events(`run-${worker.runId}`)).toEqual([
      'RunOpened',
      'WorkerSpawned',
      'WorkerStarted',
    ]);
  });

  it('is started when it was there before the dispatcher', async () => {
    const scene = await aScene();
    const taskId = await scene.task();
    await scene.dispatcher().start();
    await scene.clock.settle();
    expect(await scene.status(taskId)).toBe('running');
  });

  it('tells its worker where it stands, and its words only in a file', async () => {
    const scene = await aScene();
    const workers = { agent: { run: ['agent', '--go'], env: { DEPTH: 'full' } } };
    await scene.dispatcher({ workers }).start();
    const fields = { title: 'Secret words', body: 'More words', skills: ['git', 'sql'] };
    const taskId = await scene.task({ ...fields, model: 'small', tenant: 'acme', branch: 'paint' });
    await scene.clock.settle();
    const { runId, spec } = scene.machine.worker();
    expect(spec.argv).toEqual(['agent', '--go']);
    expect(spec.cwd).toBe(`/workspaces/${runId}`);
    expect(spec.environment).toEqual({
      DEPTH: 'full',
      LOGBOARD_BOARD: '/board',
      LOGBOARD_TASK: taskId,
      LOGBOARD_RUN: runId,
      LOGBOARD_RUN_TOKEN_FILE: `/runs/${runId}/token`,
      LOGBOARD_ATTEMPT: '1',
      LOGBOARD_WORKSPACE: `/workspaces/${runId}`,
      LOGBOARD_CONTEXT_FILE: `/runs/${runId}/context.md`,
      LOGBOARD_MODEL: 'small',
      LOGBOARD_SKILLS: 'git,sql',
      LOGBOARD_TENANT: 'acme',
      LOGBOARD_BRANCH: 'paint',
    });
    expect(JSON.stringify(spec)).not.toContain('words');
    expect(scene.machine.contexts.get(runId)).toContain('More words');
  });

  it('puts its context on stdin where the definition asks for it', async () => {
    const scene = await aScene();
    await scene.dispatcher({ workers: { agent: { run: ['agent'], stdin: 'context' } } }).start();
    await scene.task();
    await scene.clock.settle();
    const { runId, spec } = scene.machine.worker();
    expect(spec.stdinPath).toBe(`/runs/${runId}/context.md`);
  });

  it('is left to programs outside when nobody here is defined for it', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    const taskId = await scene.task({ assignee: 'somebody' });
    await scene.clock.advance(hour);
    expect(await scene.status(taskId)).toBe('ready');
  });

  it('is left to hosts that can do what its definition requires', async () => {
    const scene = await aScene();
    const workers = { agent: { run: ['agent'], requires: ['gpu'] } };
    await scene.dispatcher({ workers }).start();
    const taskId = await scene.task();
    await scene.clock.advance(hour);
    expect(await scene.status(taskId)).toBe('ready');
  });

  it('goes to the default assignee when it names nobody', async () => {
    const scene = await aScene({ defaultAssignee: 'script' });
    await scene.dispatcher().start();
    const taskId = await scene.task({ assignee: undefined });
    await scene.clock.settle();
    expect(await scene.status(taskId)).toBe('running');
    expect(await scene.events(`task-${taskId}`)).toContain('TaskAssigned');
  });

  it('waits while it names nobody and there is no default', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    const taskId = await scene.task({ assignee: undefined });
    await scene.clock.advance(hour);
    expect(await scene.status(taskId)).toBe('ready');
  });

  it('is started when its time comes, by a deadline of its own', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    const notBeforeMs = scene.clock.nowMs() + 10_000;
    const taskId = await scene.task({ notBeforeMs });
    await scene.clock.advance(9_999);
    expect(await scene.status(taskId)).toBe('scheduled');
    await scene.clock.advance(2);
    expect(await scene.status(taskId)).toBe('running');
  });

  it('waits while the board is paused, and is started when it goes on', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    await scene.operator.changeBoard({ type: 'CreateBoard', name: 'b', epoch: 'e' });
    await scene.operator.changeBoard({ type: 'PauseBoard' });
    const taskId = await scene.task();
    await scene.clock.advance(hour);
    expect(await scene.status(taskId)).toBe('ready');
    await scene.operator.changeBoard({ type: 'ResumeBoard' });
    await scene.clock.settle();
    expect(await scene.status(taskId)).toBe('running');
  });

  it('follows its parents as soon as the last of them is done', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    const parent = await scene.task({ assignee: 'script' });
    const child = await scene.task({ parents: [parent] });
    await scene.clock.settle();
    expect(await scene.status(child)).toBe('waiting');
    scene.machine.worker().exit(0);
    await scene.clock.settle();
    expect(await scene.status(child)).toBe('running');
  });
});

describe('the caps', () => {
  it('hold a host to its number of workers, by priority, then by age', async () => {
    const scene = await aScene({ maxRunning: 2 });
    const old = await scene.task({ assignee: 'script' });
    const young = await scene.task({ assignee: 'script' });
    const urgent = await scene.task({ assignee: 'script', priority: 5 });
    await scene.dispatcher().start();
    await scene.clock.settle();
    const statuses = async () => [
      await scene.status(urgent),
      await scene.status(old),
      await scene.status(young),
    ];
    expect(await statuses()).toEqual(['running', 'running', 'ready']);
    // Both were launched at once: which of the two is there first is not said.
    const isUrgent = ({ spec }: FakeWorker) => spec.environment['LOGBOARD_TASK'] === urgent;
    scene.machine.workers.find(isUrgent)?.exit(0);
    await scene.clock.settle();
    expect(await statuses()).toEqual(['done', 'running', 'running']);
  });

  it('hold over several dispatchers of one host', async () => {
    const scene = await aScene({ maxRunning: 3 });
    for (const pid of [1, 2]) await scene.dispatcher({ pid }).start();
    for (let n = 0; n < 8; n += 1) await scene.task({ assignee: 'script' });
    for (let done = 0; done < 8; done += 1) {
      await scene.clock.advance(5_000);
      const running = scene.machine.workers.filter(({ condition }) => condition === 'running');
      expect(running.length).toBeLessThanOrEqual(3);
      running[0]?.exit(0);
    }
    await scene.clock.advance(5_000);
    expect(scene.machine.workers).toHaveLength(8);
    expect(scene.machine.slots.size).toBe(0);
  });

  it('hold an assignee to its own number, and let the others pass', async () => {
    const scene = await aScene({ maxRunning: 10 });
    const workers = { agent: { run: ['agent'], max: 1 }, script: { run: ['script'] } };
    await scene.dispatcher({ workers }).start();
    const tasks = [
      await scene.task({ priority: 1 }),
      await scene.task({ priority: 1 }),
      await scene.task({ assignee: 'script' }),
    ];
    await scene.clock.settle();
    const statuses = await Promise.all(tasks.map(scene.status));
    expect(statuses).toEqual(['running', 'ready', 'running']);
  });

  it('of an assignee hold over dispatchers that claim at the same moment', async () => {
    const scene = await aScene({ maxRunning: 10, maxRunningPerAssignee: 1 });
    await scene.task();
    await scene.task();
    // Both look before either has claimed; each is shown another task first.
    const first = scene.dispatcher({ pid: 1 });
    const second = scene.dispatcher({
      pid: 2,
      board: (board) => ({
        ...board,
        read: async () => {
          const queries = await board.read();
          const youngestFirst: typeof queries.ready = (nowMs, options) =>
            queries.ready(nowMs, options).map((task) => ({ ...task, priority: task.seq }));
          return { ...queries, ready: youngestFirst };
        },
      }),
    });
    await Promise.all([first.once(), second.once()]);
    const running = scene.machine.workers.filter(({ condition }) => condition === 'running');
    expect(running).toHaveLength(1);
    expect((await scene.board.read()).openRunCount()).toBe(1);
  });

  it('free the slot of a dispatcher that died while it launched', async () => {
    const scene = await aScene({ maxRunning: 1 });
    const slot = { nonce: 'R-000000000000.x', boardDirectory: '/elsewhere' };
    await scene.machine.host(9).slots.acquire({ ...slot, holder: scene.machine.host(9).self }, 1);
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.advance(5_000);
    expect(await scene.status(taskId)).toBe('ready');
    scene.machine.kill(9);
    await scene.clock.advance(5_000);
    expect(await scene.status(taskId)).toBe('running');
  });

  it('free the slot of one before them that had the same pid, as in a container', async () => {
    const scene = await aScene({ maxRunning: 1 });
    const holder = { ...scene.machine.host(1).self, bootId: 'boot-0' };
    const slot = { nonce: 'R-000000000000.x', boardDirectory: '/board', holder };
    await scene.machine.host(1).slots.acquire(slot, 1);
    await scene.dispatcher({ pid: 1 }).start();
    const taskId = await scene.task();
    await scene.clock.advance(5_000);
    expect(await scene.status(taskId)).toBe('running');
  });
});

describe('a dispatcher', () => {
  it('that is stopped while it starts says goodbye after its greeting', async () => {
    const scene = await aScene();
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = (board: Board): Board => ({
      ...board,
      as: (caller) => {
        const commands = board.as(caller);
        let said = 0;
        return {
          ...commands,
          recordDispatcher: async (...words) => {
            said += 1;
            if (said === 1) await isAnswered;
            return commands.recordDispatcher(...words);
          },
        };
      },
    });
    const dispatcher = scene.dispatcher({ board: slow });
    const isOver = Promise.all([dispatcher.start(), dispatcher.stop()]);
    await scene.clock.advance(60_000);
    answer();
    await isOver;
    const events = await scene.events('dispatcher-D-1');
    expect(events).toEqual(['DispatcherStarted', 'DispatcherStopped']);
  });

  it('says who it is when it comes, and goodbye when it goes', async () => {
    const scene = await aScene();
    const dispatcher = scene.dispatcher();
    await dispatcher.start();
    expect(await scene.last('dispatcher-D-1')).toMatchObject({
      type: 'DispatcherStarted',
      data: { host: 'host-1', bootId: 'boot-1', pid: 1, assignees: ['agent', 'script'] },
    });
    await dispatcher.stop({ reason: 'upgrade' });
    expect(await scene.last('dispatcher-D-1')).toMatchObject({
      type: 'DispatcherStopped',
      data: { reason: 'upgrade' },
    });
  });

  it('says how many workers it may have of whom, and whom its host cannot start', async () => {
    const scene = await aScene();
    const workers = {
      agent: { run: ['agent'], max: 2 },
      gpu: { run: ['gpu'], requires: ['cuda', 'linux'] },
      plain: { run: ['plain'] },
    };
    await scene.dispatcher({ workers }).start();
    expect(await scene.last('dispatcher-D-1')).toMatchObject({
      data: { workers: { agent: { max: 2 }, gpu: { lacks: ['cuda'] } } },
    });
  });

  it('starts nothing more when it has stopped, and leaves its workers at work', async () => {
    const scene = await aScene();
    const dispatcher = scene.dispatcher();
    await dispatcher.start();
    const running = await scene.task();
    await scene.clock.settle();
    await dispatcher.stop();
    const waiting = await scene.task();
    await scene.clock.advance(hour);
    expect(scene.machine.worker().condition).toBe('running');
    expect(await scene.status(running)).toBe('running');
    expect(await scene.status(waiting)).toBe('ready');
  });

  it('finishes a launch under way before it stops', async () => {
    const scene = await aScene();
    const dispatcher = scene.dispatcher();
    await scene.task();
    await dispatcher.start();
    await dispatcher.stop();
    await scene.clock.settle();
    expect(scene.machine.workers.every(({ condition }) => condition !== 'gated')).toBe(true);
    expect(scene.machine.slots.size).toBe(scene.machine.workers.length);
  });

  it('can tell what it would do, and do nothing', async () => {
    const scene = await aScene();
    const taskId = await scene.task();
    const { actions } = await scene.dispatcher().dryRun();
    expect(actions).toEqual([{ do: 'claim', taskId, assignee: 'agent', isUnassigned: false }]);
    expect(await scene.status(taskId)).toBe('ready');
    expect(scene.machine.workers).toHaveLength(0);
  });

  it('can make a single pass', async () => {
    const scene = await aScene();
    const taskId = await scene.task();
    await scene.dispatcher().once();
    expect(await scene.status(taskId)).toBe('running');
    expect(scene.machine.worker().condition).toBe('running');
  });

  it('starts every task once, however many of them look for work', async () => {
    const scene = await aScene({ maxRunning: 100 });
    for (const pid of [1, 2, 3, 4, 5]) await scene.dispatcher({ pid }).start();
    for (let n = 0; n < 30; n += 1) await scene.task();
    await scene.clock.advance(5_000);
    expect(scene.machine.workers).toHaveLength(30);
    const tasks = scene.machine.workers.map(({ spec }) => spec.environment['LOGBOARD_TASK']);
    expect(new Set(tasks).size).toBe(30);
  });

  it('goes on when reading the tables fails for a while', async () => {
    const scene = await aScene();
    let isBroken = true;
    await scene
      .dispatcher({
        board: (board) => ({
          ...board,
          read: () => (isBroken ? Promise.reject(new Error('out of reach')) : board.read()),
        }),
      })
      .start();
    const taskId = await scene.task();
    await scene.clock.advance(60_000);
    expect(await scene.status(taskId)).toBe('ready');
    const faults = scene.told.filter(({ kind }) => kind === 'fault');
    expect(faults.length).toBeGreaterThan(3);
    expect(faults.length).toBeLessThan(20);
    isBroken = false;
    await scene.clock.advance(10_000);
    expect(await scene.status(taskId)).toBe('running');
  });

  it('counts a burst of news during a failure as one, and is back soon after it', async () => {
    const scene = await aScene({ maxRunning: 100 });
    let isBroken = true;
    await scene
      .dispatcher({
        board: (board) => ({
          ...board,
          read: () => (isBroken ? Promise.reject(new Error('out of reach')) : board.read()),
        }),
      })
      .start();
    for (let n = 0; n < 30; n += 1) {
      await scene.task();
      await scene.clock.advance(1);
    }
    expect(scene.told.filter(({ kind }) => kind === 'fault')).toHaveLength(1);
    isBroken = false;
    await scene.clock.advance(100);
    expect(scene.machine.workers).toHaveLength(30);
  });

  it('stops at once although it waits out a failure', async () => {
    const scene = await aScene();
    const dispatcher = scene.dispatcher({
      board: (board) => ({ ...board, read: () => Promise.reject(new Error('out of reach')) }),
    });
    await dispatcher.start();
    await scene.clock.advance(60_000);
    const stoppedAtMs = dispatcher.stop().then(() => scene.clock.monoMs());
    const askedAtMs = scene.clock.monoMs();
    await scene.clock.advance(60_000);
    expect(await stoppedAtMs).toBe(askedAtMs);
  });
});

describe('a dispatcher with causes to look without end', () => {
  it('looks for a quarter of the time, and 20 ms apart at most', async () => {
    const scene = await aScene();
    let [looks, lookMs] = [0, 2];
    const slow = (board: Board): Board => ({
      ...board,
      async read() {
        looks += 1;
        await new Promise<void>((resolve) => {
          scene.clock.after(lookMs, resolve);
        });
        return board.read();
      },
    });
    const dispatcher = scene.dispatcher({ board: slow });
    await dispatcher.start();
    const looksIn = async (ms: number) => {
      const before = looks;
      for (let passedMs = 0; passedMs < ms; passedMs += 1) {
        dispatcher.nudge();
        await scene.clock.advance(1);
      }
      return looks - before;
    };
    await looksIn(8);
    expect(await looksIn(80)).toBe(10);
    lookMs = 30;
    await looksIn(50);
    expect(await looksIn(500)).toBe(10);
  });
});
