/** How long a task waits for a dispatcher of another process that gets no hints any more. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicMs } from '../bench/measure.ts';
import { startDispatcher } from '../trial/fleet.ts';
import { openTrial, placeIn } from '../trial/trial.ts';
import { allDone, cameTrue } from '../trial/waiting.ts';

/** What to measure. */
export interface HintTrial {
  /** An empty directory. */
  readonly directory: string;
  /** The Node program `dispatcher-process`. */
  readonly program: string;
  readonly tasks: number;
  /** Whether hints get lost, all of them. */
  readonly areLost: boolean;
}

/** What was found. */
export interface HintFindings {
  /** From the creation of each task to its claim, in ms; one at a time. */
  readonly claimedMs: readonly number[];
  readonly areAllDone: boolean;
}

const patienceMs = 60_000;

/** After each task: until the dispatcher has nothing left to do of its own accord, in ms. */
const idleMs = 500;

/** Creates tasks, each on an idle board. */
export async function measureHints(wanted: HintTrial): Promise<HintFindings> {
  const place = placeIn(wanted.directory, [':'], { policy: {} });
  const dispatcher = await startDispatcher(wanted.program, place);
  // It goes on watching a file that nobody will ever write to: whoever opens the board makes anew.
  if (wanted.areLost) rmSync(join(place.directory, 'wake'));
  const trial = await openTrial(place);
  const claims = () => dispatcher.told.filter(({ what }) => what === 'claimed');
  const claimedMs: number[] = [];
  const taskIds: string[] = [];
  try {
    for (let done = 0; done < wanted.tasks; done += 1) {
      taskIds.push(...(await trial.createTasks(1, 'script')));
      const createdAtMs = monotonicMs();
      await cameTrue(() => claims().length > done, patienceMs);
      const { atMonoMs = Number.POSITIVE_INFINITY } = claims()[done] ?? {};
      claimedMs.push(Math.max(0, atMonoMs - createdAtMs));
      await allDone(trial, taskIds, patienceMs);
      await pause(idleMs);
    }
    return { claimedMs, areAllDone: await allDone(trial, taskIds, patienceMs) };
  } finally {
    await dispatcher.kill();
    await trial.close();
  }
}
