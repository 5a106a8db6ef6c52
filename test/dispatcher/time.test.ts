/** Clocks that step, machines that sleep, loops that stall: time that goes wrong ends nobody. */
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import { aScene } from './a-dispatcher.ts';
import { createFakeMachine } from './fake-machine.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** One worker here and one program outside, both in good health. */
async function inGoodHealth() {
  const scene = await aScene({ claimTtlMs: 10 * minute, maxRuntimeMs: 2 * hour });
  const first = scene.dispatcher();
  await first.start();
  const here = await scene.task();
  const outside = await scene.task({ assignee: 'somebody' });
  const claim = await scene.operator.claim(outside);
  if (claim.refused) throw new Error(claim.message);
  await scene.clock.settle();
  const statuses = async () => [await scene.status(here), await scene.status(outside)];
  return { ...scene, first, statuses, outsideRunId: claim.runId };
}

describe('the wall clock', () => {
  it.each([hour, -hour, day, -day])('may step by %d ms without ending anybody', async (step) => {
    const { clock, statuses } = await inGoodHealth();
    await clock.advance(minute);
    clock.stepWall(step);
    await clock.advance(8 * minute);
    expect(await statuses()).toEqual(['running', 'running']);
  });

  it.each([hour, -hour, day, -day])(
    'may step by %d ms while no dispatcher is there',
    async (step) => {
      const scene = await aScene({ maxRuntimeMs: 2 * hour });
      const first = scene.dispatcher({ pid: 1 });
      await first.start();
      const taskId = await scene.task();
      await scene.clock.advance(minute);
      await first.stop();
      scene.clock.stepWall(step);
      await scene.dispatcher({ pid: 2 }).start();
      await scene.clock.advance(hour);
      expect(await scene.status(taskId)).toBe('running');
      expect(scene.machine.worker().condition).toBe('running');
    },
  );
});

describe('a dispatcher whose wall clock is wrong', () => {
  it.each([hour, -hour, day, -day])('by %d ms leaves everybody else alone', async (offMs) => {
    const scene = await aScene({ claimTtlMs: 10 * minute });
    const board = (right: Board): Board => ({ ...right, nowMs: () => right.nowMs() + offMs });
    const elsewhere = createFakeMachine(scene.clock, 'host-2');
    await scene.dispatcher({ pid: 1, board, workers: {} }).start();
    await scene.dispatcher({ pid: 2, machine: elsewhere }).start();
    const there = await scene.task();
    const outside = await scene.task({ assignee: 'somebody' });
    await scene.operator.claim(outside);
    await scene.clock.advance(9 * minute);
    expect(await scene.status(there)).toBe('running');
    expect(await scene.status(outside)).toBe('running');
    expect(elsewhere.workers).toHaveLength(1);
  });
});

describe('a program outside that beats', () => {
  /** It beats as often as a beat is stored, whatever happens to dispatchers. */
  async function beatFor(
    ms: number,
    { clock, operator, outsideRunId }: Awaited<ReturnType<typeof inGoodHealth>>,
  ) {
    for (let passedMs = 0; passedMs < ms; passedMs += 3 * minute) {
      await operator.heartbeat(outsideRunId);
      await clock.advance(3 * minute);
    }
  }

  it.each([hour, -hour, day, -day])(
    'keeps its run when a dispatcher begins after a step of %d ms',
    async (step) => {
      const scene = await inGoodHealth();
      await beatFor(6 * minute, scene);
      await scene.first.stop();
      scene.clock.stepWall(step);
      await scene.dispatcher({ pid: 2 }).start();
      await scene.clock.advance(minute);
      await beatFor(hour, scene);
      expect(await scene.statuses()).toEqual(['running', 'running']);
    },
  );

  it('loses it when it has been silent for one lease under the eyes of a dispatcher', async () => {
    const scene = await inGoodHealth();
    await scene.first.stop();
    await scene.clock.advance(9 * minute);
    await scene.dispatcher({ pid: 2 }).start();
    await scene.clock.advance(10 * minute - 1_000);
    expect(await scene.statuses()).toEqual(['running', 'running']);
    await scene.clock.advance(2_000);
    expect(await scene.statuses()).toEqual(['running', 'ready']);
  });

  it('loses it at once to one that looks only once, and has to believe clocks', async () => {
    const scene = await inGoodHealth();
    await scene.first.stop();
    await scene.clock.advance(11 * minute);
    await scene.dispatcher({ pid: 2 }).once();
    expect(await scene.statuses()).toEqual(['running', 'ready']);
  });
});

describe('a dispatcher that stood still', () => {
  it('says so, and hears everybody before it judges', async () => {
    const { clock, operator, outsideRunId, statuses, task, told } = await inGoodHealth();
    await clock.suspend(11 * minute);
    expect(told.map(({ kind }) => kind)).toContain('late');
    // Other news makes it look again at once, and still it listens.
    await clock.advance(500);
    await task();
    await clock.settle();
    // The beat that was on its way all the time arrives within the second.
    await operator.heartbeat(outsideRunId);
    await clock.advance(minute);
    expect(await statuses()).toEqual(['running', 'running']);
  });

  it('judges in the next round who is still silent', async () => {
    const { clock, statuses } = await inGoodHealth();
    await clock.suspend(11 * minute);
    expect(await statuses()).toEqual(['running', 'running']);
    await clock.advance(2_000);
    expect(await statuses()).toEqual(['running', 'ready']);
  });
});
