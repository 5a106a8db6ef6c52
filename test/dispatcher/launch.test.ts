/**
 * The launch protocol, step by step: what stands in the log before the gate opens, and what if not.
 */
import { describe, expect, it } from 'vitest';
import { aScene, beforeRecordSpawn } from './a-dispatcher.ts';

/** A gate of the test's own: nothing passes before it is opened. */
function aGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait: () => opened, open: () => open() };
}

describe('a worker', () => {
  it.each([
    ['given to another one since the look', { assignee: 'agent' }, {}],
    ['that of nobody when it was looked at', { assignee: undefined }, { defaultAssignee: 'agent' }],
  ])('is not started for a task that was %s', async (_what, fields, policy) => {
    const scene = await aScene(policy);
    const taskId = await scene.task(fields);
    const usual = scene.machine.host;
    scene.machine.host = (pid) => {
      const host = usual(pid);
      const acquire: typeof host.slots.acquire = async (...asked) => {
        await scene.operator.assign(taskId, 'script');
        return host.slots.acquire(...asked);
      };
      return { ...host, slots: { ...host.slots, acquire } };
    };
    await scene.dispatcher().start();
    await scene.clock.settle();
    expect(scene.machine.worker().spec.argv[0]).toBe('script');
    expect(await scene.events(`task-${taskId}`)).toEqual([
      'TaskCreated',
      'TaskAssigned',
      'TaskClaimed',
    ]);
  });

  it('waits at its gate until its spawn is stored', async () => {
    const scene = await aScene();
    const gate = aGate();
    await scene.dispatcher({ board: beforeRecordSpawn(gate.wait) }).start();
    await scene.task();
    await scene.clock.advance(10_000);
    const worker = scene.machine.worker();
    expect(worker.condition).toBe('gated');
    expect(await scene.events(`run-${worker.runId}`)).toEqual(['RunOpened']);
    gate.open();
    await scene.clock.settle();
    expect(worker.condition).toBe('running');
  });

  it('is watched once, however often its dispatcher looks before it lets it go', async () => {
    const scene = await aScene();
    const gate = aGate();
    await scene.dispatcher({ board: beforeRecordSpawn(gate.wait) }).start();
    await scene.task();
    await scene.clock.settle();
    await scene.task({ assignee: 'somebody' });
    await scene.clock.advance(1_000);
    gate.open();
    await scene.clock.settle();
    expect(scene.told.map(({ kind }) => kind)).not.toContain('adopted');
  });

  it('is recorded with everything by which it can be recognised again', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    await scene.task();
    await scene.clock.settle();
    const { runId, identity, spec } = scene.machine.worker();
    const run = (await scene.board.read()).run(runId);
    expect(run?.process).toEqual({
      pid: identity.pid,
      startTime: String(identity.startTime),
      bootId: 'boot-1',
      host: 'host-1',
      nonce: spec.nonce,
      workspace: spec.cwd,
      logPath: spec.logPath,
      argv: ['agent'],
    });
    expect(spec.nonce.startsWith(`${runId}.`)).toBe(true);
    expect(scene.machine.slots.get(spec.nonce)?.holder).toEqual(identity);
  });

  it('never starts when its run was ended before its spawn was recorded', async () => {
    const scene = await aScene();
    const taskId = await scene.task();
    const archive = async () => void (await scene.operator.archive(taskId));
    await scene.dispatcher({ board: beforeRecordSpawn(archive) }).start();
    await scene.clock.advance(10_000);
    const worker = scene.machine.worker();
    expect(worker.recorded).toBe('not_started');
    expect(scene.machine.slots.size).toBe(0);
    expect(await scene.status(taskId)).toBe('archived');
  });

  it('never starts when its spawn cannot be recorded; its task has not failed', async () => {
    const scene = await aScene();
    let isDown = true;
    const failing = async () => {
      if (isDown) throw new Error('disk full');
    };
    await scene.dispatcher({ board: beforeRecordSpawn(failing) }).start();
    const taskId = await scene.task();
    await scene.clock.advance(20_000);
    expect(scene.machine.worker().recorded).toBe('not_started');
    expect(scene.machine.slots.size).toBe(0);
    isDown = false;
    await scene.clock.advance(20_000);
    const [first, second] = (await scene.board.read()).runs(taskId);
    expect(first).toMatchObject({
      outcome: 'reclaimed',
      ending: { reason: expect.stringContaining('never started') },
    });
    expect(second?.outcome).toBeNull();
    const queries = await scene.board.read();
    expect(queries.task(taskId, scene.clock.nowMs())?.failures).toBe(0);
  });
});

describe('a workspace that takes long to prepare', () => {
  it('is waited for, by whoever prepares it and by the others', async () => {
    const scene = await aScene();
    const { host } = scene.machine;
    let preparations = 0;
    scene.machine.host = (pid) => {
      const made = host(pid);
      const prepare: typeof made.workspaces.prepare = async (wanted) => {
        preparations += 1;
        await new Promise<void>((resolve) => scene.clock.after(5 * 60_000, resolve));
        return made.workspaces.prepare(wanted);
      };
      return { ...made, workspaces: { ...made.workspaces, prepare } };
    };
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.settle();
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(6 * 60_000);
    expect(preparations).toBe(1);
    expect(scene.machine.worker().condition).toBe('running');
    expect((await scene.board.read()).runs(taskId)).toHaveLength(1);
  });
});

describe('what fails before the spawn', () => {
  it('ends the run with the reason of the system', async () => {
    const scene = await aScene();
    const host = scene.machine.host;
    scene.machine.host = (pid) => ({
      ...host(pid),
      workspaces: {
        ...host(pid).workspaces,
        prepare: () => Promise.reject(Object.assign(new Error('not allowed'), { code: 'EACCES' })),
      },
    });
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.settle();
    const [run] = (await scene.board.read()).runs(taskId);
    expect(run).toMatchObject({ outcome: 'spawn_failed', ending: { errno: 'EACCES' } });
    expect(scene.machine.workers).toHaveLength(0);
    expect(scene.machine.slots.size).toBe(0);
  });

  it('is told with its task, its run and its reason, in one short line', async () => {
    const scene = await aScene();
    const detail = `spawn ./nope.sh ENOENT\n${'x'.repeat(100_000)}`;
    scene.machine.spawnFailure = { spawned: false, errno: 'ENOENT', detail };
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.settle();
    const [run] = (await scene.board.read()).runs(taskId);
    const [failed, ...more] = scene.told.filter(({ kind }) => kind === 'failed');
    expect(failed?.facts).toEqual({
      taskId,
      runId: run?.runId,
      errno: 'ENOENT',
      problem: expect.stringMatching(/^spawn \.\/nope\.sh ENOENT x+.{0,2}$/),
    });
    expect(String(failed?.facts['problem']).length).toBeLessThanOrEqual(500);
    expect(more).toEqual([]);
  });

  it('ends the run also where the system has much to say', async () => {
    const scene = await aScene();
    const detail = `fatal: ${'x'.repeat(100_000)}`;
    scene.machine.spawnFailure = { spawned: false, errno: 'unknown', detail };
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.settle();
    const [run] = (await scene.board.read()).runs(taskId);
    expect(run).toMatchObject({
      outcome: 'spawn_failed',
      ending: { error: expect.stringMatching(/^fatal: x+$/) },
    });
  });

  it('costs no claim when the slots are in trouble, and is tried again', async () => {
    const scene = await aScene();
    let isBusy = true;
    const host = scene.machine.host;
    scene.machine.host = (pid) => {
      const made = host(pid);
      const acquire: typeof made.slots.acquire = (slot, max) =>
        isBusy ? Promise.reject(new Error('busy')) : made.slots.acquire(slot, max);
      return { ...made, slots: { ...made.slots, acquire } };
    };
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.advance(5_000);
    expect(await scene.events(`task-${taskId}`)).toEqual(['TaskCreated']);
    isBusy = false;
    await scene.clock.advance(11_000);
    expect(await scene.status(taskId)).toBe('running');
  });

  it('keeps no slot for good when the slots cannot be written for a while', async () => {
    const scene = await aScene({ maxRunning: 1 });
    let isBusy = true;
    const { host } = scene.machine;
    scene.machine.host = (pid) => {
      const made = host(pid);
      const release: typeof made.slots.release = (nonce) =>
        isBusy ? Promise.reject(new Error('busy')) : made.slots.release(nonce);
      return { ...made, slots: { ...made.slots, release } };
    };
    scene.machine.spawnFailure = { spawned: false, errno: 'EAGAIN', detail: 'no' };
    await scene.dispatcher().start();
    await scene.task();
    await scene.clock.settle();
    scene.machine.spawnFailure = undefined;
    const other = await scene.task();
    await scene.clock.advance(60_000);
    expect(await scene.status(other)).toBe('ready');
    isBusy = false;
    await scene.clock.advance(11_000);
    expect(await scene.status(other)).toBe('running');
  });
});
