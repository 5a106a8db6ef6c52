/** The work the benchmarks repeat: make tasks, and take one from claim to completion. */
import type { Board } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import { inFlight, monotonicMs, rate } from './measure.ts';
import { caller, openBenchBoard } from './parts.ts';

const warmUpCount = 6_000;

/**
 * Runs through the work on a board of its own, so that what is measured afterwards is the program
 * as it runs for hours and not V8 compiling it. That takes the same work in the same manner: what
 * was compiled for 64 `lanes` is partly compiled anew for one. Returns cycles per second.
 */
export async function warmUp(directory: string, lanes: number): Promise<number> {
  const board = await openBenchBoard(directory);
  const taskIds = await createTasks(board, warmUpCount);
  const commands = board.as(caller);
  const perSecond = await rate(warmUpCount, () =>
    inFlight(warmUpCount, lanes, (index) => cycle(commands, taskIds[index] ?? '')),
  );
  await board.close();
  return perSecond;
}

/** Creates tasks and returns their ids. */
export async function createTasks(board: Board, count: number): Promise<readonly string[]> {
  const commands = board.as(caller);
  const created: string[] = [];
  await inFlight(count, 256, async (index) => {
    const answer = await commands.create({ title: `task ${index}`, assignee: 'bench' });
    if (answer.refused) throw new Error(answer.message);
    created.push(answer.taskId);
  });
  return created;
}

/**
 * Claim, heartbeat and completion of one task, each an acknowledged commit: the beat carries a
 * note, so it is never coalesced. Returns how long each of the three took, in ms.
 */
export async function cycle(commands: Commands, taskId: string): Promise<readonly number[]> {
  const t0 = monotonicMs();
  const claim = await commands.claim(taskId);
  if (claim.refused) throw new Error(claim.message);
  const t1 = monotonicMs();
  const beat = await commands.heartbeat(claim.runId, { note: 'half of it', progress: 0.5 });
  if (beat.refused || !beat.changed) throw new Error('a heartbeat was not stored');
  const t2 = monotonicMs();
  const done = await commands.completeRun(claim.runId, { summary: 'done' });
  if (done.refused) throw new Error(done.message);
  return [t1 - t0, t2 - t1, monotonicMs() - t2];
}
