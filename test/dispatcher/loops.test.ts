/** Workers that never succeed: each task has a budget, and is started no faster than it may be. */
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { workerOf } from '../kit/callers.ts';
import { aScene, type Scene } from './a-dispatcher.ts';
import type { FakeWorker } from './fake-machine.ts';
import { liveFor, mostStartsWithin, startsOf } from './pace.ts';

const minute = 60_000;
const { failureLimit, recoveryLimit, releaseLimit, holdLimit } = defaultPolicy;

/** What a worker does as soon as it is let go, and every moment after. */
type Behaviour = (worker: FakeWorker, scene: Scene) => void;

const badWorkers: readonly (readonly [string, number, Behaviour])[] = [
  ['leaves with 0 and no answer', failureLimit, (worker) => worker.exit(0)],
  ['leaves with 1', failureLimit, (worker) => worker.exit(1)],
  ['breaks down', failureLimit, (worker) => worker.exit('SIGSEGV')],
  ['is killed at once, and its launcher with it', failureLimit, (worker) => worker.vanish()],
  ['dies at its first beat', failureLimit, diesAtFirstBeat],
  ['hangs', recoveryLimit, () => {}],
  ['stands still', recoveryLimit, standsStill],
  ['gives its task back at once', releaseLimit, givesBack],
  ['is rate limited', holdLimit, (worker) => worker.exit(75)],
];

function diesAtFirstBeat(worker: FakeWorker, scene: Scene): void {
  void asWorker(worker, scene).heartbeat(worker.runId, proofOf(worker, scene));
  worker.exit(1);
}

function standsStill(worker: FakeWorker): void {
  worker.condition = 'stopped';
}

function givesBack(worker: FakeWorker, scene: Scene): void {
  void asWorker(worker, scene).releaseRun(worker.runId, 'no brush', proofOf(worker, scene));
  worker.exit(0);
}

function asWorker({ runId }: FakeWorker, { board }: Scene) {
  return board.as(workerOf(runId));
}

function proofOf({ runId }: FakeWorker, { machine }: Scene) {
  return { tokenHash: machine.tokenHashes.get(runId) };
}

describe.each(badWorkers)('a worker that %s', (_what, limit, behave) => {
  it(`is started ${limit} times a task, no faster than once a second, then never`, async () => {
    const quick = { claimTtlMs: 20_000, maxSilentMs: 40_000, staleAfterMs: 20_000 };
    const scene = await aScene({ ...quick, rateLimitHoldMs: 1_000, rateLimitHoldMaxMs: 10_000 });
    // Two of them: what fails on three tasks is no longer held against the task.
    const tasks = [await scene.task(), await scene.task()];
    for (const pid of [1, 2]) await scene.dispatcher({ pid }).start();
    await liveFor(scene, 6 * minute, (worker) => behave(worker, scene));

    const queries = await scene.board.read();
    for (const taskId of tasks) {
      expect(await scene.status(taskId)).toBe('halted');
      expect(queries.runs(taskId)).toHaveLength(limit);
      const starts = startsOf(scene, taskId);
      expect(starts).toHaveLength(limit);
      for (const seconds of [1, 2, 5, 10]) {
        expect(mostStartsWithin(seconds * 1_000, starts)).toBeLessThanOrEqual(seconds + 1);
      }
    }
    await scene.clock.advance(60 * minute);
    expect(scene.machine.workers).toHaveLength(2 * limit);
  });
});

describe('a task that is halted', () => {
  it('is told once, with what halted it and what to do', async () => {
    const scene = await aScene();
    scene.machine.spawnFailure = { spawned: false, errno: 'ENOENT', detail: 'no such file' };
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await scene.clock.advance(60 * minute);

    const runs = (await scene.board.read()).runs(taskId);
    const runId = runs.at(-1)?.runId;
    expect(scene.told.filter(({ kind }) => kind === 'failed')).toHaveLength(failureLimit);
    expect(scene.told.filter(({ kind }) => kind === 'halted')).toEqual([
      {
        kind: 'halted',
        facts: {
          ...{ taskId, runId, outcome: 'spawn_failed' },
          ...{ failures: failureLimit, limit: failureLimit },
          because: `${runId} was failure ${failureLimit} of ${failureLimit} (spawn failed)`,
          hint: expect.stringMatching(`logboard why ${taskId}.*logboard unblock ${taskId}`),
        },
      },
    ]);
  });

  it('is told also where its worker ended the last run by its own word', async () => {
    const scene = await aScene();
    await scene.dispatcher().start();
    const taskId = await scene.task();
    await liveFor(scene, 60 * minute, (worker) => givesBack(worker, scene));

    const halts = scene.told.filter(({ kind }) => kind === 'halted');
    expect(halts).toMatchObject([{ facts: { taskId, outcome: 'released', limit: releaseLimit } }]);
    expect(halts[0]?.facts['because']).toContain(`one too many of ${releaseLimit} (released)`);
  });
});

it('a launch that never comes off has a budget, too', async () => {
  const scene = await aScene();
  const taskId = await scene.task();
  for (let life = 1; life <= recoveryLimit; life += 1) {
    const claim = await scene.board
      .as({ actor: { kind: 'dispatcher', id: `D-${life}` }, surface: 'dispatcher' })
      .claim(taskId, { kind: 'worker', host: 'another' });
    expect(claim.refused).toBe(false);
    const next = scene.dispatcher({ pid: life, workers: {} });
    await next.start();
    await scene.clock.advance(10 * minute);
    await next.stop();
  }
  expect(await scene.status(taskId)).toBe('halted');
  expect(await scene.last(`task-${taskId}`)).toMatchObject({
    type: 'TaskHalted',
    data: { outcome: 'reclaimed', failures: 0, limit: recoveryLimit },
  });
});
