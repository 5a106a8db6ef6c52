/**
 * What goes wrong in the demo, done to real processes: one is killed, one is frozen for a while.
 */
import { type Recorded, streams } from '../../src/domain/catalogue.ts';
import type { Wanted, Watch } from './watch.ts';

/** Says what is being done to whom. */
export type Narrate = (mark: string, text: string) => void;

/**
 * Kills the first worker of a task in the middle of its work, and waits for the second to finish.
 */
export async function killOnce(watch: Watch, taskId: string, narrate: Narrate): Promise<string> {
  const runId = await firstBeat(watch, taskId);
  const pid = await pidOf(watch, runId);
  narrate('✗', `kill -9 ${pid}: the worker of ${taskId} dies in the middle of its work`);
  process.kill(-pid, 'SIGKILL');
  await watch.until(isOn(streams.task(taskId), 'TaskCompleted'));
  return runId;
}

/**
 * Freezes the first worker of a task until its run was reclaimed and somebody else has done the
 * work; then lets it go on, and waits for the board to refuse what it says.
 */
export async function freezeOnce(watch: Watch, taskId: string, narrate: Narrate): Promise<string> {
  const runId = await firstBeat(watch, taskId);
  const pid = await pidOf(watch, runId);
  narrate('‖', `kill -STOP ${pid}: the worker of ${taskId} freezes, and its lease runs out`);
  process.kill(-pid, 'SIGSTOP');
  await watch.until(isOn(streams.run(runId), 'RunReclaimed'));
  await watch.until(isOn(streams.task(taskId), 'TaskCompleted'));
  narrate('►', `kill -CONT ${pid}: the frozen worker wakes up and finishes, too late`);
  process.kill(-pid, 'SIGCONT');
  await watch.until(
    (event) =>
      event.type === 'WriteRefused' &&
      event.data.runId === runId &&
      event.data.attempted === 'CompleteRun',
  );
  return runId;
}

/** An event of this type on this stream. */
export function isOn(stream: string, type: Recorded['type']): Wanted {
  return (event) => event.stream === stream && event.type === type;
}

/** The task's first run, once its worker has shown life. */
async function firstBeat(watch: Watch, taskId: string): Promise<string> {
  const claim = await watch.until(isOn(streams.task(taskId), 'TaskClaimed'));
  if (claim.type !== 'TaskClaimed') throw new Error('not a claim');
  const { runId } = claim.data;
  await watch.until(isOn(streams.run(runId), 'HeartbeatRecorded'));
  return runId;
}

/** The leader of the worker's process group. */
async function pidOf(watch: Watch, runId: string): Promise<number> {
  const spawned = await watch.until(isOn(streams.run(runId), 'WorkerSpawned'));
  if (spawned.type !== 'WorkerSpawned') throw new Error('not a spawn');
  return spawned.data.pid;
}
