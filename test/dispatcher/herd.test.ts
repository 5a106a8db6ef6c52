/** Many dispatchers, many tasks, and what was left behind: the caps hold at every moment. */
import { expect, it } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { aScene, type Scene } from './a-dispatcher.ts';
import type { FakeWorker } from './fake-machine.ts';
import { liveFor, mostAtOnce, mostStartsWithin, type Stay, startsOf } from './pace.ts';

const minute = 60_000;

/** Workers that work for a while and are done; and from when to when each of them was there. */
function workFor(scene: Scene, workMs: number) {
  const ends = new Map<FakeWorker, number>();
  const work = (worker: FakeWorker) => {
    if (scene.clock.monoMs() - worker.identity.startTime < workMs) return;
    ends.set(worker, scene.clock.monoMs());
    worker.exit(0);
  };
  const stays = (): Stay[] =>
    scene.machine.workers.map((worker) => ({
      assignee: worker.spec.argv[0] ?? '',
      fromMs: worker.identity.startTime,
      untilMs: ends.get(worker) ?? Number.POSITIVE_INFINITY,
    }));
  return { work, stays };
}

/** Each dispatcher prefers other tasks, so that no two are kept apart by wanting the same one. */
function inAnotherOrder(board: Board, pid: number): Board {
  const read = async () => {
    const queries = await board.read();
    const ready: typeof queries.ready = (...asked) =>
      queries.ready(...asked).map((task) => ({ ...task, priority: (task.seq * pid * 7) % 101 }));
    return { ...queries, ready };
  };
  return { ...board, read };
}

it('five dispatchers never have more workers than the host or an assignee may have', async () => {
  const scene = await aScene({ maxRunning: 5 });
  const onExit = { 0: 'complete' } as const;
  const workers = {
    one: { run: ['one'], max: 1, onExit },
    two: { run: ['two'], max: 2, onExit },
    many: { run: ['many'], onExit },
  };
  const tasks: string[] = [];
  for (let n = 0; n < 20; n += 1) {
    for (const assignee of ['one', 'two', 'many']) tasks.push(await scene.task({ assignee }));
  }
  const dispatchers = [1, 2, 3, 4, 5].map((pid) =>
    scene.dispatcher({ pid, workers, board: (board) => inAnotherOrder(board, pid) }),
  );
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.start()));
  const { work, stays } = workFor(scene, 300);
  await liveFor(scene, 2 * minute, work);

  const of = (name: string) => stays().filter(({ assignee }) => assignee === name);
  expect(mostAtOnce(stays())).toBe(5);
  expect(mostAtOnce(of('one'))).toBe(1);
  expect(mostAtOnce(of('two'))).toBe(2);
  expect(scene.machine.workers).toHaveLength(tasks.length);
  for (const taskId of tasks) expect(await scene.status(taskId)).toBe('done');
});

it('a restart with 500 ready tasks and 50 orphans is no herd', async () => {
  const cap = 50;
  const scene = await aScene({ maxRunning: cap });
  const orphaned: string[] = [];
  for (let n = 0; n < cap; n += 1) orphaned.push(await scene.task({ assignee: 'script' }));
  const first = scene.dispatcher();
  await first.start();
  await scene.clock.advance(1_000);
  expect(scene.machine.workers).toHaveLength(cap);
  await first.stop();
  const { work, stays } = workFor(scene, 5_000);
  // Some come to their end while nobody is there, the others go on.
  for (const worker of scene.machine.workers.slice(0, 10)) worker.exit(0);
  const ready: string[] = [];
  for (let n = 0; n < 500; n += 1) ready.push(await scene.task({ assignee: 'script' }));

  for (const pid of [2, 3]) await scene.dispatcher({ pid }).start();
  await liveFor(scene, 1.2 * minute, work);

  const later = startsOf(scene).slice(cap);
  expect(mostAtOnce(stays().slice(10))).toBeLessThanOrEqual(cap);
  expect(mostStartsWithin(4_000, later)).toBeLessThanOrEqual(cap);
  const queries = await scene.board.read();
  for (const taskId of [...orphaned, ...ready]) {
    expect(await scene.status(taskId)).toBe('done');
    expect(queries.runs(taskId)).toHaveLength(1);
  }
});
