/** Workers that do everything not to be ended: who of them is left, and for how long. */
import { existsSync } from 'node:fs';
import { monotonicMs } from '../bench/measure.ts';
import { workersOf } from '../trial/remains.ts';
import { openTrial, placeIn } from '../trial/trial.ts';
import { cameTrue } from '../trial/waiting.ts';

/** What to measure. */
export interface OrphanTrial {
  /** An empty directory. */
  readonly directory: string;
  readonly runs: number;
  /** The time between TERM and KILL, in ms. */
  readonly killGraceMs: number;
}

/** What was found. */
export interface OrphanFindings {
  /** From the end of each run until all of its processes were confirmed gone, in ms. */
  readonly goneMs: readonly number[];
  /** Processes of the board that were there while its runs were open: the trial's own proof. */
  readonly seen: number;
  /** Pids that were left. */
  readonly left: readonly number[];
}

/**
 * Ignores TERM, as do its children: one in a session of its own, one that its parent has left, and
 * one that does both. The last word tells that all of them are there.
 */
const stubborn = `
trap '' TERM
sleep 1000 &
setsid sleep 1000 &
(sleep 1000 &)
(setsid sh -c 'sleep 1000 & sleep 1000' &)
: >"$0.$LOGBOARD_RUN"
sleep 1000
`;

/** Runs that are open at once. */
const batchMax = 10;

/** How long a batch may take to come to work, and to go; ms. */
const patienceMs = 60_000;

/** Ends runs of such workers. */
export async function measureOrphans(wanted: OrphanTrial): Promise<OrphanFindings> {
  const { directory, runs, killGraceMs } = wanted;
  const mark = `${directory}/at-work`;
  const policy = { killGraceMs, maxRunning: batchMax };
  const trial = await openTrial(placeIn(directory, [stubborn, mark], { policy }));
  const endedAtMs = new Map<string, number>();
  const goneMs: number[] = [];
  let seen = 0;
  const dispatcher = await trial.dispatch('ender', (what, { runId }) => {
    if (what !== 'ended') return;
    goneMs.push(monotonicMs() - (endedAtMs.get(String(runId)) ?? Number.NaN));
  });
  try {
    for (let done = 0; done < runs; done += batchMax) {
      const taskIds = await trial.createTasks(Math.min(batchMax, runs - done), 'script');
      const open = async () => {
        const queries = await trial.board.read();
        return taskIds.flatMap((taskId) => queries.runs(taskId)).map(({ runId }) => runId);
      };
      const areAtWork = async () => {
        const runIds = await open();
        return (
          runIds.length === taskIds.length && runIds.every((id) => existsSync(`${mark}.${id}`))
        );
      };
      await cameTrue(areAtWork, patienceMs);
      seen += workersOf(trial.place.directory).length;
      for (const runId of await open()) endedAtMs.set(runId, monotonicMs());
      await Promise.all(taskIds.map((taskId) => trial.operator.archive(taskId)));
      const wanted = Math.min(runs, done + batchMax);
      await cameTrue(() => goneMs.length >= wanted, patienceMs);
    }
    return { goneMs, seen, left: workersOf(trial.place.directory) };
  } finally {
    await dispatcher.stop();
    await trial.close();
  }
}
