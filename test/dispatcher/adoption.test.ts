/** Dispatchers that die, stop, return, and work beside one another: nothing is lost or doubled. */
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import { aScene, beforeRecordSpawn, type Scene } from './a-dispatcher.ts';

const minute = 60_000;

/** A scene with a worker at work whose dispatcher has stopped. */
async function orphaned(
  fields: Parameters<Scene['task']>[0] = {},
  rules: Parameters<typeof aScene>[0] = {},
) {
  const scene = await aScene(rules);
  const first = scene.dispatcher({ pid: 1 });
  await first.start();
  const taskId = await scene.task(fields);
  await scene.clock.settle();
  await first.stop();
  scene.machine.kill(1);
  return { ...scene, taskId, worker: scene.machine.worker() };
}

describe('a worker whose dispatcher stopped', () => {
  it('is adopted by the next one, and goes on', async () => {
    const scene = await orphaned();
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(minute);
    expect(scene.worker.condition).toBe('running');
    expect(scene.machine.workers).toHaveLength(1);
    expect(scene.told.map(({ kind }) => kind)).toContain('adopted');
  });

  it('has its lease renewed at once: other hosts may have counted all along', async () => {
    const scene = await orphaned();
    const events = () => scene.events(`task-${scene.taskId}`);
    expect((await events()).at(-1)).toBe('TaskClaimed');
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.settle();
    expect((await events()).slice(-2)).toEqual(['TaskClaimed', 'LeaseExtended']);
  });

  it('is judged by its exit code, although nobody was there when it exited', async () => {
    const scene = await orphaned({ assignee: 'script' });
    scene.worker.output = 'all good';
    scene.worker.exit(0);
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(1_001);
    expect(await scene.status(scene.taskId)).toBe('done');
    expect(scene.machine.slots.size).toBe(0);
  });

  it('is judged by its exit code when it exits after the adoption', async () => {
    const scene = await orphaned();
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(minute);
    scene.worker.exit(7);
    await scene.clock.advance(4_100);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({
      type: 'RunCrashed',
      data: { exitCode: 7, evidence: { seen: 'by launcher' } },
    });
  });

  it('that vanished without a word is judged only after its crash grace', async () => {
    const scene = await orphaned();
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(5_000);
    scene.worker.vanish();
    await scene.clock.advance(24_000);
    expect(await scene.status(scene.taskId)).toBe('running');
    await scene.clock.advance(2_000);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({
      type: 'RunCrashed',
      data: { error: expect.stringContaining('nobody saw'), evidence: { verdict: 'dead' } },
    });
  });

  it('that was overlooked within its crash grace goes on when it is seen again', async () => {
    const scene = await orphaned();
    await scene.dispatcher({ pid: 2 }).start();
    scene.worker.isOverlooked = true;
    await scene.clock.advance(25_000);
    scene.worker.isOverlooked = false;
    await scene.clock.advance(60 * minute);
    expect(await scene.status(scene.taskId)).toBe('running');
    expect(scene.machine.workers).toHaveLength(1);
  });

  it('that was overlooked, and exits later, is left its time for a last word', async () => {
    const scene = await orphaned();
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(3_000);
    scene.worker.isOverlooked = true;
    await scene.clock.advance(10_000);
    scene.worker.exit(7);
    await scene.clock.advance(scene.policy.drainMs - 100);
    expect(await scene.status(scene.taskId)).toBe('running');
    await scene.clock.advance(4_100);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({ type: 'RunCrashed' });
  });

  it('is judged by its exit code when it exits in the middle of a look', async () => {
    const scene = await orphaned({}, { crashGraceMs: 0 });
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.settle();
    scene.worker.beforeProbe = () => scene.worker.condition === 'running' && scene.worker.exit(7);
    await scene.clock.advance(minute);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({
      type: 'RunCrashed',
      data: { exitCode: 7, evidence: { seen: 'by launcher' } },
    });
  });

  it('whose exit cannot be read is waited for, and holds up nobody', async () => {
    const scene = await orphaned({}, { crashGraceMs: 0, maxRunning: 2 });
    await scene.dispatcher({ pid: 2 }).start();
    scene.worker.isUnreadable = true;
    scene.worker.exit(7);
    const other = await scene.task();
    await scene.clock.advance(10 * minute);
    expect(await scene.status(scene.taskId)).toBe('running');
    expect(await scene.status(other)).toBe('running');
    scene.worker.isUnreadable = false;
    await scene.clock.advance(minute);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({ type: 'RunCrashed' });
  });

  it('keeps its lease and its longest runtime through the change', async () => {
    const scene = await orphaned({ maxRuntimeMs: 40_000 });
    await scene.clock.advance(30_000);
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(9_000);
    expect(await scene.status(scene.taskId)).toBe('running');
    await scene.clock.advance(2_000);
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({ type: 'RunTimedOut' });
    expect(scene.worker.condition).toBe('gone');
  });

  it('is ended by the next one when its run was ended meanwhile', async () => {
    const scene = await orphaned();
    await scene.operator.archive(scene.taskId);
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.settle();
    expect(scene.worker.condition).toBe('gone');
    expect(scene.machine.slots.size).toBe(0);
  });

  it('holds its slot on, so that the cap holds', async () => {
    const scene = await orphaned({}, { maxRunning: 1 });
    await scene.dispatcher({ pid: 2 }).start();
    const next = await scene.task();
    await scene.clock.advance(minute);
    expect(await scene.status(next)).toBe('ready');
  });

  it('keeps its slot until what its dead launcher started is gone as well', async () => {
    const scene = await orphaned({}, { maxRunning: 1, crashGraceMs: minute });
    await scene.task();
    scene.worker.isOverlooked = true;
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(minute / 2);
    expect(scene.machine.workers).toHaveLength(1);
  });

  it('of an earlier boot is dead at once', async () => {
    const scene = await orphaned();
    scene.machine.bootId = 'boot-2';
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.settle();
    expect(await scene.last(`run-${scene.worker.runId}`)).toMatchObject({
      type: 'RunCrashed',
      data: { evidence: { because: 'other_boot' } },
    });
  });
});

describe('the crash grace', () => {
  it.each([1, 2, 3])('counts from the spawn of attempt %i itself', async (attempt) => {
    const scene = await aScene({ failureLimit: 9, retryBackoffMs: 10 });
    const first = scene.dispatcher({ pid: 1 });
    await first.start();
    const taskId = await scene.task();
    for (let failed = 1; failed < attempt; failed += 1) {
      await scene.clock.advance(minute);
      scene.machine.worker().exit(1);
      await scene.clock.advance(5_000);
    }
    await scene.clock.settle();
    const worker = scene.machine.worker();
    const ageMs = () => scene.clock.monoMs() - worker.identity.startTime;
    await first.stop();
    scene.machine.kill(1);
    worker.vanish();
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(scene.policy.crashGraceMs - ageMs() - 1);
    expect(await scene.status(taskId)).toBe('running');
    await scene.clock.advance(2);
    expect(await scene.last(`run-${worker.runId}`)).toMatchObject({ type: 'RunCrashed' });
    expect(scene.machine.workers).toHaveLength(attempt);
  });
});

describe('a worker whose parent died beneath its dispatcher', () => {
  it('goes on, is watched, and judged by what its launcher wrote down', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    await scene.task();
    await scene.clock.settle();
    const worker = scene.machine.worker();
    scene.machine.loseParents();
    await scene.clock.advance(minute);
    expect(worker.condition).toBe('running');
    worker.exit(5);
    await scene.clock.advance(4_100);
    expect(await scene.last(`run-${worker.runId}`)).toMatchObject({
      type: 'RunCrashed',
      data: { exitCode: 5, evidence: { seen: 'by launcher' } },
    });
  });
});

describe('a dispatcher that cannot see processes', () => {
  it('waits, whatever the lease says', async () => {
    const scene = await orphaned();
    scene.machine.isBlind = true;
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(60 * minute);
    expect(await scene.status(scene.taskId)).toBe('running');
    expect(scene.machine.workers).toHaveLength(1);
  });
});

describe('a dispatcher beside another', () => {
  it('leaves a fresh worker of the other alone', async () => {
    const scene = await aScene();
    for (const pid of [1, 2, 3]) await scene.dispatcher({ pid }).start();
    await scene.task();
    await scene.clock.advance(10 * minute);
    expect(scene.machine.workers).toHaveLength(1);
    expect(scene.machine.worker().condition).toBe('running');
  });

  it('leaves the judging of an exit to the parent, which knows it first', async () => {
    const scene = await aScene();
    for (const pid of [1, 2]) await scene.dispatcher({ pid }).start();
    await scene.task();
    await scene.clock.settle();
    const { runId } = scene.machine.worker();
    const parent = (await scene.board.read()).run(runId)?.opened.claimedBy;
    scene.machine.worker().exit(1);
    await scene.clock.advance(minute);
    expect((await scene.board.read()).run(runId)?.endedBy?.id).toBe(parent);
  });

  it('that begins while a worker is at its gate lets it leave in its own time later', async () => {
    const scene = await aScene();
    const beside = scene.dispatcher({ pid: 2 });
    const isFirst = once();
    const begin = async () => {
      if (!isFirst()) return;
      await beside.start();
      await scene.clock.settle();
    };
    const first = scene.dispatcher({ pid: 1, board: beforeRecordSpawn(begin) });
    await first.start();
    await scene.task();
    await scene.clock.advance(minute);
    const worker = scene.machine.worker();
    const commands = scene.board.as({
      actor: { kind: 'worker', id: worker.runId },
      surface: 'cli',
    });
    const tokenHash = scene.machine.tokenHashes.get(worker.runId);
    await commands.completeRun(worker.runId, { summary: 'done' }, { tokenHash });
    await scene.clock.advance(scene.policy.drainMs - 100);
    expect(worker.condition).toBe('running');
  });

  it('that begins while a task is claimed does not take its worker for a stray', async () => {
    const scene = await aScene();
    await scene.dispatcher({ pid: 1 }).start();
    const claimMeanwhile = async (board: Board) => {
      const before = await board.read();
      await scene.task();
      await scene.clock.settle();
      // The tables as they were before the claim.
      return { ...before, run: () => undefined, openRuns: () => [] };
    };
    const isFirst = once();
    const board = (real: Board): Board => ({
      ...real,
      read: () => (isFirst() ? claimMeanwhile(real) : real.read()),
    });
    await scene.dispatcher({ pid: 2, board }).start();
    await scene.clock.advance(minute);
    expect(scene.machine.workers.map(({ condition }) => condition)).toEqual(['running']);
  });

  it('that saw nothing of a run but what it left starts nobody beside it', async () => {
    const scene = await aScene();
    const first = scene.dispatcher({ pid: 1 });
    await first.start();
    let goOn = () => {};
    let isAway: Promise<void> = Promise.resolve();
    const board = (real: Board): Board => ({ ...real, read: () => isAway.then(() => real.read()) });
    await scene.dispatcher({ pid: 2, board }).start();
    await scene.clock.settle();
    isAway = new Promise((resolve) => {
      goOn = resolve;
    });
    const taskId = await scene.task({ workspace: { kind: 'dir', path: '/project' } });
    await scene.clock.settle();
    await first.stop();
    const left = scene.machine.worker();
    await scene.operator.reclaim(taskId, 'I need it back');
    left.isUnkillable = true;
    goOn();
    await scene.clock.advance(minute);
    expect(scene.machine.workers).toHaveLength(1);
    left.isUnkillable = false;
    await scene.clock.advance(minute);
    expect(left.condition).toBe('gone');
    expect(scene.machine.workers).toHaveLength(2);
  });

  it('renews no lease that its own dispatcher renews', async () => {
    const scene = await aScene({ claimTtlMs: minute });
    for (const pid of [1, 2, 3]) await scene.dispatcher({ pid }).start();
    const taskId = await scene.task();
    await scene.clock.advance(10 * minute);
    const events = await scene.events(`task-${taskId}`);
    const renewals = events.filter((type) => type === 'LeaseExtended').length;
    expect(renewals).toBeGreaterThanOrEqual(10);
    expect(renewals).toBeLessThanOrEqual(14);
  });
});

/** True the first time it is asked. */
function once(): () => boolean {
  let wasAsked = false;
  return () => {
    const isFirst = !wasAsked;
    wasAsked = true;
    return isFirst;
  };
}

/** Commands whose sender dies when it sends the one named: the answer never comes. */
function diesAt(name: keyof Commands, when: 'before' | 'after', died: () => void) {
  let isDead = false;
  const forEver = () => new Promise<never>(() => {});
  return (board: Board): Board => ({
    ...board,
    // The dead look at nothing any more.
    read: () => (isDead ? forEver() : board.read()),
    as(caller) {
      const commands = board.as(caller);
      const original = commands[name] as (...args: unknown[]) => Promise<unknown>;
      const deadly = async (...args: unknown[]) => {
        if (when === 'after') await original(...args);
        isDead = true;
        died();
        return forEver();
      };
      return { ...commands, [name]: deadly } as Commands;
    },
  });
}

describe('a dispatcher that dies while it launches', () => {
  it.each([
    ['before the claim is stored', 'claim', 'before'],
    ['between claim and spawn', 'claim', 'after'],
    ['between spawn and its record', 'recordSpawn', 'before'],
    ['between the record and the open gate', 'recordSpawn', 'after'],
  ] as const)(
    '%s leaves nothing that works, and the task is done by another',
    async (_, name, when) => {
      const scene = await aScene();
      const first = scene.dispatcher({
        pid: 1,
        board: diesAt(name, when, () => scene.machine.kill(1)),
      });
      await first.start();
      const taskId = await scene.task({ assignee: 'script' });
      await scene.clock.settle();
      expect(scene.machine.workers.every(({ condition }) => condition === 'gone')).toBe(true);
      await scene.dispatcher({ pid: 2 }).start();
      // The launch lease, at most, and a second.
      await scene.clock.advance(scene.policy.launchLeaseMs + 1_000);
      const { condition, exit } = scene.machine.worker();
      expect(condition).toBe('running');
      exit(0);
      await scene.clock.advance(minute);
      expect(await scene.status(taskId)).toBe('done');
      const outcomes = (await scene.board.read()).runs(taskId).map(({ outcome }) => outcome);
      expect(outcomes.at(-1)).toBe('completed');
      expect(outcomes.slice(0, -1).every((outcome) => outcome === 'reclaimed')).toBe(true);
      const queries = await scene.board.read();
      expect(queries.task(taskId, scene.clock.nowMs())?.failures).toBe(0);
    },
  );

  it('long before the next one begins does not keep that one waiting', async () => {
    const scene = await aScene();
    const board = diesAt('claim', 'after', () => scene.machine.kill(1));
    await scene.dispatcher({ pid: 1, board }).start();
    await scene.task();
    await scene.clock.advance(scene.policy.launchLeaseMs);
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(1_000);
    expect(scene.machine.worker().condition).toBe('running');
  });
});
