/**
 * How runs end: by their worker's exit, by a rule, by somebody else; and what is left afterwards.
 */
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { aScene, type Scene } from './a-dispatcher.ts';
import type { FakeWorker } from './fake-machine.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A scene with one task at work; answers its id and its worker. */
async function atWork(
  rules: Parameters<typeof aScene>[0] = {},
  fields: Parameters<Scene['task']>[0] = {},
) {
  const scene = await aScene(rules);
  await scene.dispatcher().start();
  const taskId = await scene.task(fields);
  await scene.clock.settle();
  return { ...scene, taskId, worker: scene.machine.worker() };
}

/** What the worker of a run says, with its token. */
function asWorker(scene: Scene, worker: FakeWorker) {
  const { runId } = worker;
  const commands = scene.board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
  const tokenHash = scene.machine.tokenHashes.get(runId);
  return {
    complete: (summary: string) => commands.completeRun(runId, { summary }, { tokenHash }),
    beat: () => commands.heartbeat(runId, { tokenHash }),
  };
}

describe('a worker that says nothing and exits', () => {
  it.each([
    ['0', 0, 'ProtocolViolated', { exitCode: 0 }],
    ['75', 75, 'RunRateLimited', { exitCode: 75, holdMs: 300_000 }],
    ['3', 3, 'RunCrashed', { exitCode: 3, error: 'exited with 3: boom' }],
    ['by a signal', 'SIGSEGV' as const, 'RunCrashed', { signal: 'SIGSEGV' }],
  ])('with %s ends its run when a last word could have come', async (_how, exit, type, data) => {
    const scene = await atWork();
    const { clock, worker } = scene;
    worker.output = 'hello\n\u001b[31mboom\u001b[0m\n\n';
    worker.exit(exit);
    await clock.advance(1_990);
    expect(await scene.status(scene.taskId)).toBe('running');
    await clock.advance(20);
    expect(await scene.last(`run-${worker.runId}`)).toMatchObject({ type, data });
    expect(await scene.status(scene.taskId)).toBe('scheduled');
    expect(scene.machine.slots.size).toBe(0);
  });

  it('but completed in its last moment has completed', async () => {
    const scene = await atWork();
    scene.worker.exit(0);
    await scene.clock.advance(1_000);
    await asWorker(scene, scene.worker).complete('just in time');
    await scene.clock.advance(hour);
    expect(await scene.status(scene.taskId)).toBe('done');
  });
});

describe('a script that answers by its exit code', () => {
  const script = { assignee: 'script' };

  it('completes its task at once, with its last line as the summary', async () => {
    const scene = await atWork({}, script);
    scene.worker.output = 'compiling\n42 files\n';
    scene.worker.exit(0);
    await scene.clock.settle();
    expect(await scene.status(scene.taskId)).toBe('done');
    expect(await scene.last(`task-${scene.taskId}`)).toMatchObject({
      type: 'TaskCompleted',
      data: { summary: '42 files' },
    });
  });

  it('tries again later where its code means that', async () => {
    const scene = await atWork({ rateLimitHoldMs: 10_000 }, script);
    scene.worker.exit(75);
    await scene.clock.advance(9_000);
    expect(await scene.status(scene.taskId)).toBe('scheduled');
    await scene.clock.advance(7_000);
    expect(await scene.status(scene.taskId)).toBe('running');
    const queries = await scene.board.read();
    expect(queries.task(scene.taskId, scene.clock.nowMs())?.failures).toBe(0);
  });

  it('fails with any other code', async () => {
    const scene = await atWork({}, script);
    scene.worker.exit(9);
    await scene.clock.settle();
    const ending = await scene.last(`run-${scene.worker.runId}`);
    expect(ending).toMatchObject({ type: 'RunCrashed', data: { exitCode: 9 } });
  });

  it.each([
    ['block', 'RunBlocked', 'blocked'],
    ['release', 'RunReleased', 'scheduled'],
  ] as const)('can %s its task', async (meaning, type, status) => {
    const scene = await aScene();
    await scene.dispatcher({ workers: { agent: { run: ['x'], onExit: { 9: meaning } } } }).start();
    const taskId = await scene.task();
    await scene.clock.settle();
    const first = scene.machine.worker();
    first.exit(9);
    await scene.clock.settle();
    expect(await scene.last(`run-${first.runId}`)).toMatchObject({ type });
    expect(await scene.status(taskId)).toBe(status);
  });

  it('hands its artifacts on with its completion, and its scratch goes', async () => {
    const scene = await aScene();
    const agent = { run: ['x'], onExit: { 0: 'complete' }, artifacts: ['out/*.txt'] } as const;
    await scene
      .dispatcher({ workers: { agent: { ...agent, run: ['x'], artifacts: ['out/*.txt'] } } })
      .start();
    const taskId = await scene.task();
    await scene.clock.settle();
    const { runId } = scene.machine.worker();
    scene.machine.worker().exit(0);
    await scene.clock.settle();
    expect(await scene.last(`task-${taskId}`)).toMatchObject({
      data: { artifacts: [{ name: 'out/*.txt', sha256: 'a'.repeat(64), bytes: 3 }] },
    });
    expect(scene.machine.kept).toEqual([`/workspaces/${runId}`]);
    expect(scene.machine.scratch.size).toBe(0);
  });
});

describe('a worker that completed by its own word', () => {
  it('has its artifacts kept and told in a comment', async () => {
    const scene = await aScene();
    await scene.dispatcher({ workers: { agent: { run: ['x'], artifacts: ['a.txt'] } } }).start();
    const taskId = await scene.task();
    await scene.clock.settle();
    const worker = scene.machine.worker();
    await asWorker(scene, worker).complete('done');
    worker.exit(0);
    await scene.clock.settle();
    expect(scene.machine.kept).toHaveLength(1);
    expect(await scene.last(`note-${taskId}`)).toMatchObject({
      data: { body: expect.stringContaining('a.txt'), runId: worker.runId },
    });
  });

  it('may leave by itself, and is ended when it stays', async () => {
    const scene = await atWork();
    scene.worker.ignoresTerm = true;
    await asWorker(scene, scene.worker).complete('done');
    await scene.clock.advance(1_900);
    expect(scene.worker.condition).toBe('running');
    await scene.clock.advance(5_200);
    expect(scene.worker.condition).toBe('gone');
    expect(scene.machine.slots.size).toBe(0);
  });

  it('keeps its scratch while a person reviews', async () => {
    const scene = await atWork();
    const { runId } = scene.worker;
    const commands = scene.board.as({ actor: { kind: 'worker', id: runId }, surface: 'sdk' });
    const tokenHash = scene.machine.tokenHashes.get(runId);
    await commands.completeRun(runId, { summary: 'look' }, { tokenHash, review: true });
    scene.worker.exit(0);
    await scene.clock.settle();
    expect(await scene.status(scene.taskId)).toBe('review');
    expect(scene.machine.scratch.has(runId)).toBe(true);
  });
});

describe('failures', () => {
  it('are retried after a wait, and halt the task at the limit', async () => {
    const scene = await atWork({ failureLimit: 3, retryBackoffMs: 10_000 });
    for (const attempt of [1, 2, 3]) {
      expect(scene.machine.workers).toHaveLength(attempt);
      scene.machine.worker().exit(1);
      await scene.clock.advance(2_001);
      expect(await scene.status(scene.taskId)).toBe(attempt < 3 ? 'scheduled' : 'halted');
      await scene.clock.advance(minute);
    }
    await scene.clock.advance(hour);
    expect(scene.machine.workers).toHaveLength(3);
  });

  it('leave their scratch to be looked at', async () => {
    const scene = await atWork();
    scene.worker.exit(1);
    await scene.clock.advance(2_001);
    expect(scene.machine.scratch.has(scene.worker.runId)).toBe(true);
  });

  it('to start count as well, with the reason of the system', async () => {
    const scene = await aScene();
    scene.machine.spawnFailure = { spawned: false, errno: 'ENOENT', detail: 'no such program' };
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.advance(hour);
    expect(await scene.status(taskId)).toBe('halted');
    const [first] = (await scene.board.read()).runs(taskId);
    expect(first).toMatchObject({
      outcome: 'spawn_failed',
      ending: { errno: 'ENOENT', error: 'no such program' },
    });
    expect(scene.machine.slots.size).toBe(0);
  });
});

describe('a silent worker', () => {
  it('keeps its run for ten leases and more while it lives', async () => {
    const scene = await atWork({ claimTtlMs: minute });
    await scene.clock.advance(10 * minute);
    expect(await scene.status(scene.taskId)).toBe('running');
    const events = await scene.events(`task-${scene.taskId}`);
    expect(events.filter((type) => type === 'LeaseExtended').length).toBeGreaterThanOrEqual(10);
    expect(events.filter((type) => type === 'LeaseExtended').length).toBeLessThanOrEqual(14);
    expect(scene.machine.workers).toHaveLength(1);
  });

  it('needs no renewal while it beats', async () => {
    const scene = await atWork({ claimTtlMs: minute });
    for (let beat = 0; beat < 20; beat += 1) {
      await scene.clock.advance(30_000);
      await asWorker(scene, scene.worker).beat();
    }
    expect(await scene.events(`task-${scene.taskId}`)).not.toContain('LeaseExtended');
  });

  it('goes stale after a long time without any progress', async () => {
    const scene = await atWork({ maxSilentMs: 4 * hour, staleAfterMs: hour });
    // Output was first looked at, and first seen, after four hours.
    await scene.clock.advance(5 * hour + minute);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({ type: 'RunWentStale' });
    expect(scene.worker.condition).toBe('gone');
  });

  it('that prints is making progress', async () => {
    const scene = await atWork({ maxSilentMs: 4 * hour, staleAfterMs: hour });
    for (let minutes = 0; minutes < 10 * 60; minutes += 30) {
      await scene.clock.advance(30 * minute);
      scene.worker.output += '.';
    }
    expect(await scene.status(scene.taskId)).toBe('running');
  });

  it('is ended at the longest runtime of task, else definition, else policy', async () => {
    const workers = { agent: { run: ['x'], maxRuntime: '20s' }, script: { run: ['x'] } };
    const scene = await aScene({ maxRuntimeMs: 30_000 });
    await scene.dispatcher({ workers }).start();
    const byTask = await scene.task({ maxRuntimeMs: 10_000 });
    const byWorker = await scene.task();
    const byPolicy = await scene.task({ assignee: 'script' });
    const ended = async () => {
      const queries = await scene.board.read();
      return [byTask, byWorker, byPolicy].map((id) => queries.runs(id)[0]?.outcome ?? 'open');
    };
    await scene.clock.advance(10_001);
    expect(await ended()).toEqual(['timed_out', 'open', 'open']);
    await scene.clock.advance(10_000);
    expect(await ended()).toEqual(['timed_out', 'timed_out', 'open']);
    await scene.clock.advance(10_000);
    expect(await ended()).toEqual(['timed_out', 'timed_out', 'timed_out']);
  });

  it('gets more time when its task is edited', async () => {
    const scene = await atWork({}, { maxRuntimeMs: 10_000 });
    await scene.operator.edit(scene.taskId, { maxRuntimeMs: 30_000 });
    await scene.clock.advance(29_000);
    expect(scene.machine.workers).toHaveLength(1);
    await scene.clock.advance(2_000);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({ type: 'RunTimedOut' });
  });
});

describe('a stopped worker', () => {
  it('is reclaimed when its lease is over, and its late completion is refused', async () => {
    const scene = await atWork({ claimTtlMs: minute, killGraceMs: hour });
    const { worker } = scene;
    worker.condition = 'stopped';
    await scene.clock.advance(minute + 1_000);
    expect(await scene.last(`run-${worker.runId}`)).toMatchObject({
      type: 'RunReclaimed',
      data: { evidence: { worker: { is: 'stopped', states: 'T' } } },
    });
    // Another attempt is under way in a workspace of its own, while TERM is still pending.
    expect(scene.machine.workers).toHaveLength(2);
    expect(scene.machine.worker().spec.cwd).not.toBe(worker.spec.cwd);
    worker.condition = 'running';
    const answer = await asWorker(scene, worker).complete('too late');
    expect(answer).toMatchObject({ refused: true, code: 'stale_run' });
    expect(await scene.events(`refused-${scene.taskId}`)).toEqual(['WriteRefused']);
    await asWorker(scene, scene.machine.worker()).complete('mine');
    expect(await scene.status(scene.taskId)).toBe('done');
  });
});

describe('a run that somebody else ends', () => {
  it('loses its processes when its task is archived', async () => {
    const scene = await atWork();
    await scene.operator.archive(scene.taskId);
    await scene.clock.settle();
    expect(scene.worker.condition).toBe('gone');
    expect(scene.machine.slots.size).toBe(0);
  });

  it('loses them after the grace when they ignore TERM', async () => {
    const scene = await atWork({ killGraceMs: 5_000 });
    scene.worker.ignoresTerm = true;
    await scene.operator.reclaim(scene.taskId, 'taken over');
    await scene.clock.advance(4_000);
    expect(scene.worker.condition).toBe('running');
    await scene.clock.advance(2_000);
    expect(scene.worker.condition).toBe('gone');
    expect(scene.worker.recorded).toEqual({ signal: 'SIGKILL' });
  });

  it('keeps its slot while something outlives KILL, and says so', async () => {
    const scene = await atWork({ maxRunning: 1 });
    scene.worker.isUnkillable = true;
    await scene.operator.archive(scene.taskId);
    const next = await scene.task();
    await scene.clock.advance(5 * minute);
    expect(await scene.status(next)).toBe('ready');
    expect(scene.told.map(({ kind }) => kind)).toContain('stuck');
    scene.worker.isUnkillable = false;
    await scene.clock.advance(minute);
    expect(await scene.status(next)).toBe('running');
  });

  it('hands a shared directory on only when everybody has left it', async () => {
    const scene = await atWork({}, { workspace: { kind: 'dir', path: '/srv/site' } });
    scene.worker.ignoresTerm = true;
    await scene.operator.reclaim(scene.taskId, 'taken over');
    await scene.clock.advance(4_000);
    expect(scene.machine.workers).toHaveLength(1);
    await scene.clock.advance(2_000);
    expect(scene.machine.workers).toHaveLength(2);
    expect(scene.machine.worker().spec.cwd).toBe('/srv/site');
  });

  it('has its descendants ended when it exits before them', async () => {
    const scene = await atWork({}, { assignee: 'script' });
    scene.worker.hasDescendant = true;
    scene.worker.exit(0);
    await scene.clock.settle();
    expect(scene.worker.hasDescendant).toBe(false);
    expect(scene.machine.slots.size).toBe(0);
  });
});

describe('a program outside', () => {
  it('keeps its run by beating, and loses it with its lease', async () => {
    const scene = await aScene({ claimTtlMs: minute });
    await scene.dispatcher().start();
    const taskId = await scene.task({ assignee: 'somebody' });
    const claim = await scene.operator.claim(taskId);
    if (claim.refused) throw new Error(claim.message);
    for (let beat = 0; beat < 5; beat += 1) {
      await scene.clock.advance(40_000);
      await scene.operator.heartbeat(claim.runId);
    }
    expect(await scene.status(taskId)).toBe('running');
    await scene.clock.advance(minute + 1);
    expect(await scene.last(`run-${claim.runId}`)).toMatchObject({ type: 'RunReclaimed' });
    expect(await scene.status(taskId)).toBe('ready');
  });
});

describe('a run that moves between the look and the judgement', () => {
  it('has shown life, and is left alone', async () => {
    const scene = await aScene({ claimTtlMs: minute });
    let beat = async () => {};
    const board = (real: Board): Board => ({
      ...real,
      as(caller) {
        const commands = real.as(caller);
        const endRun: typeof commands.endRun = async (...args) => {
          await beat();
          return commands.endRun(...args);
        };
        return { ...commands, endRun };
      },
    });
    await scene.dispatcher({ board }).start();
    const taskId = await scene.task({ assignee: 'somebody' });
    const claim = await scene.operator.claim(taskId);
    if (claim.refused) throw new Error(claim.message);
    beat = async () => void (await scene.operator.heartbeat(claim.runId));
    await scene.clock.advance(minute + 10_000);
    expect(await scene.status(taskId)).toBe('running');
    const refusals = scene.told.filter(({ facts }) => facts['code'] === 'run_moved');
    expect(refusals).toHaveLength(1);
  });
});

describe('a judgement that cannot be recorded', () => {
  it('is insisted on until it can', async () => {
    const scene = await aScene();
    let isDown = false;
    await scene
      .dispatcher({
        board: (board) => ({
          ...board,
          as: (caller) => {
            const commands = board.as(caller);
            const endRun: typeof commands.endRun = (...args) =>
              isDown ? Promise.reject(new Error('disk full')) : commands.endRun(...args);
            return { ...commands, endRun };
          },
        }),
      })
      .start();
    const taskId = await scene.task();
    await scene.clock.settle();
    isDown = true;
    scene.machine.worker().exit(1);
    await scene.clock.advance(10 * minute);
    expect(await scene.status(taskId)).toBe('running');
    expect(scene.told.filter(({ kind }) => kind === 'reaped')).toHaveLength(1);
    isDown = false;
    await scene.clock.advance(11_000);
    expect(await scene.last(`run-${scene.machine.workers[0]?.runId}`)).toMatchObject({
      type: 'RunCrashed',
    });
  });
});
