/** What others left half done: left to them for a while, then finished, by one of many, once. */
import { describe, expect, it } from 'vitest';
import { mendAfterMs } from '../../src/dispatcher/loose-ends.ts';
import { plan } from '../../src/dispatcher/plan.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { Died, inPieces } from '../kit/in-pieces.ts';
import { aScene } from './a-dispatcher.ts';
import { aView } from './a-view.ts';
import { createFakeMachine } from './fake-machine.ts';

/** Half of the time that one may wait longer than another: what the machine of a test draws. */
const jitterMs = 1_000;
const policy = { launchLeaseMs: 30_000 };
const nobody = { workers: { other: { run: ['other'] } } };

async function aClusterScene() {
  const pieces = inPieces();
  let behindMs = 0;
  const scene = await aScene(policy, (log) => ({
    ...pieces.wrap(log),
    behindMs: () => behindMs,
  }));
  const fallBehind = (ms: number) => {
    behindMs = ms;
  };
  return { ...scene, pieces, fallBehind };
}

type ClusterScene = Awaited<ReturnType<typeof aClusterScene>>;

/** A task whose run was completed by somebody who died before he could say so. */
async function halfCompleted(scene: ClusterScene) {
  const taskId = await scene.task();
  const claim = await scene.operator.claim(taskId);
  if (claim.refused) throw new Error(claim.message);
  scene.pieces.dieAfter(1);
  await expect(scene.operator.completeRun(claim.runId, {})).rejects.toThrow(Died);
  return taskId;
}

/** A task that was claimed by somebody who died before the run was opened. */
async function halfClaimed(scene: ClusterScene) {
  const taskId = await scene.task();
  scene.pieces.dieAfter(1);
  const claim = scene.operator.claim(taskId, { kind: 'worker', host: 'host-2' });
  await expect(claim).rejects.toThrow(Died);
  return taskId;
}

describe('a dispatcher', () => {
  it('draws the conclusion from the end of a run, when nobody else does', async () => {
    const scene = await aClusterScene();
    const taskId = await halfCompleted(scene);
    await scene.dispatcher(nobody).start();
    await scene.clock.advance(mendAfterMs + jitterMs - 1);
    expect(await scene.status(taskId)).toBe('running');
    await scene.clock.advance(2);
    expect(await scene.status(taskId)).toBe('done');
    const mended = scene.told.filter(({ kind }) => kind === 'mended');
    expect(mended).toMatchObject([{ facts: { taskId, missing: 'meaning' } }]);
  });

  it('closes a claim without a run when its launch lease is over, and not before', async () => {
    const scene = await aClusterScene();
    const taskId = await halfClaimed(scene);
    await scene.dispatcher(nobody).start();
    await scene.clock.advance(policy.launchLeaseMs);
    expect(await scene.events(`task-${taskId}`)).toEqual(['TaskCreated', 'TaskClaimed']);
    await scene.clock.advance(policy.launchLeaseMs / 4 + 1);
    expect(await scene.last(`task-${taskId}`)).toMatchObject({
      type: 'TaskRequeued',
      data: { outcome: 'reclaimed', failures: 0 },
    });
    const [run] = (await scene.board.read()).runs(taskId);
    expect(await scene.board.why(run?.runId ?? '')).toMatchObject({
      headline: expect.stringContaining('it was claimed, and never opened'),
      rule: {
        name: 'launch_lease_over',
        inputs: { leaseMs: policy.launchLeaseMs, leaseAgeMs: expect.any(Number) },
      },
    });
  });

  it('keeps the record of a word that somebody gave by hand', async () => {
    const scene = await aClusterScene();
    const taskId = await scene.task();
    scene.pieces.dieAfter(1);
    await expect(scene.operator.complete(taskId, { summary: 'By hand.' })).rejects.toThrow(Died);
    expect((await scene.board.read()).runs(taskId)).toEqual([]);
    await scene.dispatcher(nobody).start();
    await scene.clock.advance(mendAfterMs + jitterMs + 1);
    expect((await scene.board.read()).runs(taskId)).toMatchObject([
      { opened: { kind: 'record', claimedBy: 'ada' }, outcome: 'completed' },
    ]);
  });

  it('hears of it while it is at work, and looks for itself what came before it', async () => {
    const scene = await aClusterScene();
    await scene.dispatcher(nobody).start();
    await scene.clock.settle();
    const taskId = await halfCompleted(scene);
    await scene.clock.advance(mendAfterMs + jitterMs + 1);
    expect(await scene.status(taskId)).toBe('done');
  });

  it('leaves it to whoever began it, if he is only slow', async () => {
    const scene = await aClusterScene();
    await scene.dispatcher(nobody).start();
    const taskId = await scene.task();
    scene.pieces.slipInAfter(1, () => scene.clock.advance(mendAfterMs));
    expect(await scene.operator.claim(taskId)).toMatchObject({ refused: false });
    await scene.clock.advance(2 * policy.launchLeaseMs);
    expect(scene.told.filter(({ kind }) => kind === 'mended')).toEqual([]);
  });

  it('closes no claim while what it reads is behind: the run may be open by now', async () => {
    const scene = await aClusterScene();
    const taskId = await halfClaimed(scene);
    scene.fallBehind(1_000);
    await scene.dispatcher(nobody).start();
    await scene.clock.advance(10 * policy.launchLeaseMs);
    expect((await scene.last(`task-${taskId}`)).type).toBe('TaskClaimed');
    scene.fallBehind(0);
    await scene.clock.advance(3_000);
    expect((await scene.last(`task-${taskId}`)).type).toBe('TaskRequeued');
  });
});

it('several dispatchers at the same moment finish it once', async () => {
  const scene = await aClusterScene();
  const taskId = await halfCompleted(scene);
  for (const pid of [1, 2, 3]) {
    const machine = createFakeMachine(scene.clock, `host-${pid}`);
    await scene.dispatcher({ ...nobody, pid, machine }).start();
  }
  await scene.clock.advance(mendAfterMs + jitterMs + 1);
  expect(await scene.events(`task-${taskId}`)).toEqual([
    'TaskCreated',
    'TaskClaimed',
    'TaskCompleted',
  ]);
  expect(scene.told.filter(({ kind }) => kind === 'fault')).toEqual([]);
});

it('dispatchers of several hosts do not all come at the same moment', async () => {
  const scene = await aClusterScene();
  await halfCompleted(scene);
  for (const [pid, draw] of [0, 0.25, 0.75].entries()) {
    const machine = createFakeMachine(scene.clock, `host-${pid}`);
    const host = (of: number) => ({ ...machine.host(of), random: () => draw });
    await scene.dispatcher({ ...nobody, pid: pid + 1, machine: { ...machine, host } }).start();
  }
  await scene.clock.advance(10_000);
  expect(scene.told.filter(({ kind }) => kind === 'mended')).toHaveLength(1);
  expect(scene.told.filter(({ kind }) => kind === 'refused')).toEqual([]);
});

it('nobody asks for loose ends on a log that is atomic', async () => {
  const scene = await aScene();
  let asked = 0;
  const dispatcher = scene.dispatcher({
    board: (board) => ({
      ...board,
      read: async () => {
        const queries = await board.read();
        const looseEnds = () => {
          asked += 1;
          return queries.looseEnds();
        };
        return { ...queries, looseEnds };
      },
    }),
  });
  await dispatcher.once();
  expect(asked).toBe(0);
});

it('a plan waits for as long as its dispatcher is patient, and says what it waits for', () => {
  const end = { taskId: 'T-1', runId: 'R-1', missing: 'meaning' } as const;
  const made = plan(
    aView({ looseEnds: [{ ...end, sinceMs: 400, patienceMs: 1_500 }] }),
    defaultPolicy,
  );
  expect(made).toEqual({
    actions: [],
    waits: [{ do: 'wait', subject: 'R-1', until: expect.any(String), forMs: 1_100 }],
    lookAgainInMs: 1_100,
  });
});
