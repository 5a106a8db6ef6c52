/** Waiting for facts about other processes, which have no promise to give. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Trial } from './trial.ts';

/** How often a fact is looked at, in ms. */
const lookEveryMs = 10;

/** Resolves with whether a fact came true in time. */
export async function cameTrue(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (performance.now() < deadlineMs) {
    if (await isSo()) return true;
    await pause(lookEveryMs);
  }
  return isSo();
}

/** Resolves with whether all tasks came to be done in time. */
export function allDone(
  { board }: Pick<Trial, 'board'>,
  taskIds: readonly string[],
  withinMs: number,
): Promise<boolean> {
  return cameTrue(async () => {
    const queries = await board.read();
    return taskIds.every((taskId) => queries.task(taskId, board.nowMs())?.status === 'done');
  }, withinMs);
}
