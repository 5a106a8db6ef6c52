/**
 * Dispatchers of several hosts on one board: whose workers are judged by whom, what becomes of a
 * host that vanishes, and of the workers of one that comes back.
 */
import { describe, expect, it } from 'vitest';
import type { Dispatcher } from '../../src/dispatcher/dispatcher.ts';
import type { Host } from '../../src/dispatcher/ports.ts';
import { createChance } from '../../tools/trial/chance.ts';
import { inPieces } from '../kit/in-pieces.ts';
import { aScene, type Scene } from './a-dispatcher.ts';
import { createFakeMachine } from './fake-machine.ts';

const minute = 60_000;
const rules = { claimTtlMs: 10 * minute, killGraceMs: 5_000 };

/** A board of two hosts: the quay, where a worker is at work, and the pier, which has none. */
async function twoHosts() {
  let behindMs = 0;
  const pieces = inPieces();
  const scene = await aScene(rules, (log) => ({ ...pieces.wrap(log), behindMs: () => behindMs }));
  const quay = createFakeMachine(scene.clock, 'quay');
  const pier = createFakeMachine(scene.clock, 'pier');
  const onQuay = scene.dispatcher({ pid: 1, machine: quay });
  await onQuay.start();
  const taskId = await scene.task();
  await scene.clock.settle();
  const watchFromPier = () => watching(scene, pier);
  const fallBehind = (ms: number) => {
    behindMs = ms;
  };
  return { ...scene, quay, pier, onQuay, taskId, watchFromPier, fallBehind };
}

/** A dispatcher that starts nothing, so that only its judgement shows. */
async function watching(scene: Scene, machine: ReturnType<typeof createFakeMachine>) {
  const dispatcher = scene.dispatcher({ pid: 2, machine, workers: { other: { run: ['other'] } } });
  await dispatcher.start();
  return dispatcher;
}

/** The host loses its power, or its line: none of its processes is heard of any more. */
async function vanish(dispatcher: Dispatcher, machine: ReturnType<typeof createFakeMachine>) {
  machine.kill(1);
  await dispatcher.stop({ drainMs: 0 });
}

describe('a worker of another host', () => {
  it('is never judged by the processes here', async () => {
    const scene = await twoHosts();
    await scene.watchFromPier();
    // The pid means nothing on the pier, and the same pid may be anybody there.
    await scene.clock.advance(2 * rules.claimTtlMs);
    expect(await scene.status(scene.taskId)).toBe('running');
    expect(scene.told.filter(({ kind }) => kind === 'adopted')).toEqual([]);
  });

  it('keeps its run for as long as its own host renews its lease', async () => {
    const scene = await twoHosts();
    await scene.watchFromPier();
    await scene.clock.advance(5 * rules.claimTtlMs);
    expect(await scene.status(scene.taskId)).toBe('running');
    expect(await scene.events(`task-${scene.taskId}`)).toContain('LeaseExtended');
  });

  it('loses it a lease after its host vanished, by the clock of the watcher', async () => {
    const scene = await twoHosts();
    await vanish(scene.onQuay, scene.quay);
    // However late the watcher comes, and whatever the wall clock says by then.
    await scene.clock.advance(5 * rules.claimTtlMs);
    scene.clock.stepWall(24 * 60 * minute);
    await scene.watchFromPier();
    await scene.clock.advance(rules.claimTtlMs - 1_000);
    expect(await scene.status(scene.taskId)).toBe('running');
    await scene.clock.advance(2_000);
    expect(await scene.last(`task-${scene.taskId}`)).toMatchObject({
      type: 'TaskRequeued',
      data: { outcome: 'reclaimed', failures: 0 },
    });
    expect(await scene.last(`run-${scene.quay.worker().runId}`)).toMatchObject({
      type: 'RunReclaimed',
      data: { evidence: { place: 'other_host', leaseMs: rules.claimTtlMs } },
    });
  });

  it('keeps it when somebody looks only once: two looks are a lease apart', async () => {
    const scene = await twoHosts();
    await vanish(scene.onQuay, scene.quay);
    await scene.clock.advance(5 * rules.claimTtlMs);
    const once = scene.dispatcher({ pid: 2, machine: scene.pier, workers: {} });
    expect((await once.once()).actions).toEqual([]);
    expect(await scene.status(scene.taskId)).toBe('running');
  });

  it('keeps it while the watcher is behind the log, and for a second more', async () => {
    const scene = await twoHosts();
    await vanish(scene.onQuay, scene.quay);
    await scene.watchFromPier();
    await scene.clock.advance(rules.claimTtlMs / 2);
    scene.fallBehind(5_000);
    await scene.clock.advance(2 * rules.claimTtlMs);
    expect(await scene.status(scene.taskId)).toBe('running');
    // What it missed reaches it now: somebody on the quay was alive all along.
    scene.fallBehind(0);
    await scene.operator.extendLease(scene.taskId, {
      runId: scene.quay.worker().runId,
      ttlMs: rules.claimTtlMs,
      reason: 'its worker is alive',
      evidence: {},
    });
    await scene.clock.advance(minute);
    expect(await scene.status(scene.taskId)).toBe('running');
    await scene.clock.advance(rules.claimTtlMs);
    expect(await scene.events(`task-${scene.taskId}`)).toContain('TaskRequeued');
  });
});

describe('a host that comes back', () => {
  /** The quay is cut off for so long that its run is reclaimed, with its worker still at work. */
  async function reclaimed() {
    const scene = await twoHosts();
    await vanish(scene.onQuay, scene.quay);
    await scene.watchFromPier();
    await scene.clock.advance(rules.claimTtlMs + 1_000);
    expect(await scene.events(`task-${scene.taskId}`)).toContain('TaskRequeued');
    return { ...scene, worker: scene.quay.worker() };
  }

  it('finds its worker fenced: whatever it says is refused', async () => {
    const { board, worker, quay, taskId, status } = await reclaimed();
    expect(worker.condition).toBe('running');
    const commands = board.as({ actor: { kind: 'worker', id: worker.runId }, surface: 'cli' });
    const tokenHash = quay.tokenHashes.get(worker.runId);
    const answer = await commands.completeRun(worker.runId, { summary: 'Mine.' }, { tokenHash });
    expect(answer).toMatchObject({ refused: true, code: 'stale_run' });
    expect(await status(taskId)).not.toBe('done');
  });

  it('ends the group of that worker and gives its slot to the next', async () => {
    const scene = await reclaimed();
    const { quay, worker } = scene;
    expect(quay.slots.size).toBe(1);
    await scene.dispatcher({ pid: 3, machine: quay }).start();
    await scene.clock.advance(rules.killGraceMs + 1_000);
    expect(worker.condition).toBe('gone');
    expect(quay.workers).toHaveLength(2);
    expect(quay.slots.size).toBe(1);
    expect(scene.told.find(({ kind }) => kind === 'ended')?.facts).toMatchObject({
      runId: worker.runId,
    });
  });
});

it('a capability that a host lacks leaves the task to a host that has it', async () => {
  const scene = await aScene(rules, inPieces().wrap);
  const workers = { agent: { run: ['agent'], requires: ['gpu'] } };
  const [plain, able] = [
    createFakeMachine(scene.clock, 'quay'),
    createFakeMachine(scene.clock, 'pier'),
  ];
  const host = (pid: number) => ({ ...able.host(pid), capabilities: ['linux', 'gpu'] });
  await scene.dispatcher({ pid: 1, machine: plain, workers }).start();
  await scene.task();
  await scene.clock.advance(minute);
  expect(plain.workers).toEqual([]);
  await scene.dispatcher({ pid: 2, machine: { ...able, host }, workers }).start();
  await scene.clock.settle();
  expect(able.workers).toHaveLength(1);
  expect(plain.workers).toEqual([]);
});

describe('hosts that take from one queue', () => {
  /** Twelve tasks become ready at once, for three hosts with three places each. */
  async function takenBy(draws: readonly (() => number)[]) {
    const scene = await aScene({ ...rules, maxRunning: 3 }, inPieces().wrap);
    const machines = draws.map((random, index) => {
      const machine = createFakeMachine(scene.clock, `host-${index}`);
      const idsOf = ({ ids }: Host) => {
        const runId = () => ids.runId().replace('R-0', `R-${index + 1}`);
        return { ...ids, runId };
      };
      const host = (pid: number) => {
        const usual = machine.host(pid);
        return { ...usual, ids: idsOf(usual), random };
      };
      return { ...machine, host };
    });
    for (const [index, machine] of machines.entries()) {
      await scene.dispatcher({ pid: index + 1, machine }).start();
    }
    await scene.operator.changeBoard({ type: 'CreateBoard', name: 'yard', epoch: 'epoch-1' });
    await scene.operator.changeBoard({ type: 'PauseBoard' });
    for (let number = 0; number < 12; number += 1) await scene.task();
    await scene.operator.changeBoard({ type: 'ResumeBoard' });
    await scene.clock.settle();
    const lost = scene.told.filter(({ kind }) => kind === 'refused').length;
    return { lost, workers: machines.map(({ workers }) => workers.length) };
  }

  it('draw what they take, so that few race for the same task', async () => {
    const first = await takenBy([() => 0, () => 0, () => 0]);
    const drawn = await takenBy(['a', 'b', 'c'].map((seed) => createChance(seed).float));
    expect(first.workers).toEqual([3, 3, 3]);
    expect(drawn.workers).toEqual([3, 3, 3]);
    expect(drawn.lost).toBeLessThan(first.lost);
  });
});
