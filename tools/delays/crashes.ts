/** How long a dispatcher takes to end the run of a worker that was killed, or failed. */
import { existsSync, readFileSync } from 'node:fs';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { monotonicMs } from '../bench/measure.ts';
import { openTrial, placeIn } from '../trial/trial.ts';
import { cameTrue } from '../trial/waiting.ts';

/** What to measure. */
export interface CrashTrial {
  /** An empty directory. */
  readonly directory: string;
  readonly runs: number;
  /** How a worker comes to its end: killed, or by an exit code that `onExit` answers for. */
  readonly by: 'SIGKILL' | 'exit code';
  /** How long a last word may take after an exit, in ms. */
  readonly drainMs?: number;
}

/** Exits with 7 when it gets USR1. */
const victim = `trap 'exit 7' USR1
echo $$ >"$0.$LOGBOARD_RUN.new"
mv "$0.$LOGBOARD_RUN.new" "$0.$LOGBOARD_RUN"
while :; do sleep 1000 & wait; done`;

const patienceMs = 30_000;

/** From the end of each worker until the log knew of the end of its run, in ms; one at a time. */
export async function measureCrashes(wanted: CrashTrial): Promise<readonly number[]> {
  const { directory, runs, by, drainMs = defaultPolicy.drainMs } = wanted;
  const mark = `${directory}/pid`;
  // The same end of one task after the other is an outage, in which the next one waits.
  const policy = { drainMs, failureLimit: 1, outageTasks: 0 };
  const trial = await openTrial(placeIn(directory, [victim, mark], { policy }));
  const judgedAtMs = new Map<string, number>();
  const dispatcher = await trial.dispatch('judge', (what, { runId }) => {
    if (what === 'judged') judgedAtMs.set(String(runId), monotonicMs());
  });
  const delays: number[] = [];
  try {
    for (let done = 0; done < runs; done += 1) {
      const [taskId = ''] = await trial.createTasks(1, 'script');
      const runIdOf = async () => (await trial.board.read()).runs(taskId)[0]?.runId ?? '';
      await cameTrue(async () => existsSync(`${mark}.${await runIdOf()}`), patienceMs);
      const runId = await runIdOf();
      const pid = Number(readFileSync(`${mark}.${runId}`, 'utf8'));
      const killedAtMs = monotonicMs();
      process.kill(pid, by === 'SIGKILL' ? 'SIGKILL' : 'SIGUSR1');
      await cameTrue(() => judgedAtMs.has(runId), patienceMs);
      delays.push((judgedAtMs.get(runId) ?? Number.POSITIVE_INFINITY) - killedAtMs);
    }
    return delays;
  } finally {
    await dispatcher.stop();
    await trial.close();
  }
}
