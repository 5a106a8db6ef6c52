/** The dispatcher as a whole, on a board in memory and a machine without processes. */
import { describe, expect, it } from 'vitest';
import { aScene } from './a-dispatcher.ts';

describe('a ready task', () => {
  it('is claimed and its worker started as soon as it is there', async () => {
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
});
