/** The list of children that have ended: complete, told once, and in nobody's way. */
import { describe, expect, it } from 'vitest';
import { createReaper, reapedBatchMs } from '../../src/dispatcher/reaper.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { aScene, type Scene } from './a-dispatcher.ts';

const minute = 60_000;

/** The batches that were told, each a list. */
function batches({ told }: Pick<Scene, 'told'>): JsonObject[][] {
  return told
    .filter(({ kind }) => kind === 'reaped')
    .map(({ facts }) => facts['children'] as JsonObject[]);
}

/** A dispatcher with as many workers at work. */
async function atWork(workers: number) {
  const scene = await aScene({ maxRunning: workers });
  const dispatcher = scene.dispatcher();
  await dispatcher.start();
  for (let n = 0; n < workers; n += 1) await scene.task();
  await scene.clock.settle();
  return { ...scene, dispatcher };
}

describe('children that end', () => {
  it('are told as a list, each with its pid, its start time and how it ended', async () => {
    const scene = await atWork(3);
    const [one, other, third] = scene.machine.workers;
    one?.exit(0);
    other?.exit('SIGSEGV');
    third?.exit(3);
    await scene.clock.advance(reapedBatchMs);
    const exits = [{ code: 0 }, { signal: 'SIGSEGV' }, { code: 3 }];
    const children = scene.machine.workers.map(({ runId, identity }, n) => {
      const { pid, startTime } = identity;
      return { runId, pid, startTime, exit: exits[n] };
    });
    expect(batches(scene)).toEqual([children]);
  });

  it('are told once each, and counted, up to the end', async () => {
    const scene = await atWork(3);
    for (const worker of scene.machine.workers.slice(0, 2)) {
      worker.exit(1);
      await scene.clock.advance(minute);
    }
    scene.machine.worker().exit(1);
    await scene.dispatcher.stop({ drainMs: 0 });
    const told = batches(scene).flat();
    expect(new Set(told.map(({ runId }) => runId)).size).toBe(told.length);
    const last = scene.told.at(-1);
    expect(last).toMatchObject({ kind: 'stopped', facts: { reaped: told.length } });
  });

  it('are told even where nothing came of telling anything', async () => {
    const scene = await aScene();
    const told: unknown[] = [];
    const dispatcher = scene.dispatcher({
      report: (kind, facts) => {
        told.push([kind, facts]);
        throw new Error('nobody listens');
      },
    });
    await dispatcher.start();
    const taskId = await scene.task({ assignee: 'script' });
    await scene.clock.settle();
    scene.machine.worker().exit(0);
    await scene.clock.advance(minute);
    expect(await scene.status(taskId)).toBe('done');
    expect(told).toContainEqual(['reaped', expect.objectContaining({ total: 1 })]);
  });

  it.each(['read', 'policy'] as const)('are told while the board cannot %s', async (name) => {
    let isBroken = false;
    const scene = await aScene();
    const failing = () => {
      throw new Error('out of order');
    };
    await scene
      .dispatcher({
        board: (board) => ({
          ...board,
          get [name]() {
            return isBroken ? failing : board[name];
          },
        }),
      })
      .start();
    const taskId = await scene.task({ assignee: 'script' });
    await scene.clock.settle();
    isBroken = true;
    scene.machine.worker().exit(0);
    await scene.clock.advance(minute);
    expect(await scene.status(taskId)).toBe('running');
    expect(batches(scene)).toHaveLength(1);
    isBroken = false;
    await scene.clock.advance(minute);
    expect(await scene.status(taskId)).toBe('done');
    expect(batches(scene)).toHaveLength(1);
  });
});

describe('a dispatcher whose log takes nothing any more', () => {
  it('still says how many it has reaped when it stops', async () => {
    const scene = await aScene();
    let isDown = false;
    const dispatcher = scene.dispatcher({
      board: (board) => ({
        ...board,
        as: (caller) => {
          const commands = board.as(caller);
          const recordDispatcher: typeof commands.recordDispatcher = (...args) =>
            isDown ? Promise.reject(new Error('EIO')) : commands.recordDispatcher(...args);
          return { ...commands, recordDispatcher };
        },
      }),
    });
    await dispatcher.start();
    await scene.task();
    await scene.clock.settle();
    isDown = true;
    scene.machine.worker().exit(1);
    await scene.clock.settle();
    await expect(dispatcher.stop({ drainMs: 0 })).rejects.toThrow('EIO');
    expect(scene.told.at(-1)).toMatchObject({ kind: 'stopped', facts: { reaped: 1 } });
  });
});

describe('the list', () => {
  const child = { runId: 'R-1', pid: 42, startTime: 7, exit: { code: 0 } };

  it('tells what is left when it is closed, and nothing afterwards', () => {
    const told: JsonObject[] = [];
    const timers = createFakeClock();
    const reaper = createReaper({ timers, report: (_, facts) => told.push(facts) });
    reaper.note(child);
    reaper.close();
    reaper.note({ ...child, pid: 43 });
    expect(told).toEqual([{ children: [child], total: 1 }]);
    expect(reaper.count()).toBe(1);
  });
});
