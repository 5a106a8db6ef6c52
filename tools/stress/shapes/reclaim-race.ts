/**
 * Workers that take longer than their lease and never beat, beside somebody who takes their runs
 * away: whatever they say when they are done, it must not count.
 */
import { doWork, type Hand, pickReady, reclaimSilent, tryClaim, tryTheSuccessor } from '../hand.ts';
import type { Run } from '../recorded-commands.ts';
import { type Outcome, plainTasks, type Shape, type Stage, seeOut } from '../shape.ts';

const wantBackShare = 0.5;

/** The race that every worker must lose. */
export const reclaimRace: Shape = {
  name: 'reclaim-race',
  about: 'leases of 1 s, work of 2.0 ± 0.3 s, a reclaimer every 200 ms',
  full: {
    processes: 5,
    tasks: 50,
    forMs: 40_000,
    leaseMs: 1_000,
    workMs: [1_700, 2_300],
    everyMs: 200,
    backoffMs: 40,
  },
  play,
  work: (hand) => (hand.order.role === 'reclaimer' ? reclaimSilent(hand) : workSlowly(hand)),
  shortcomings: ({ figures }) => (figures['reclaims'] === 0 ? ['nothing was reclaimed'] : []),
};

/** The same where every race is close: half of the workers are done before they are noticed. */
export const photoFinish: Shape = {
  ...reclaimRace,
  name: 'photo-finish',
  about: 'work that takes about as long as its lease, a reclaimer every 20 ms',
  full: {
    processes: 5,
    tasks: 400,
    forMs: 20_000,
    leaseMs: 200,
    workMs: [150, 280],
    everyMs: 20,
    backoffMs: 40,
  },
  shortcomings: (outcome) => [
    ...(reclaimRace.shortcomings?.(outcome) ?? []),
    ...whenNone(outcome, 'completions', 'nobody finished in time'),
  ],
};

function whenNone({ figures }: Outcome, figure: string, otherwise: string): readonly string[] {
  return figures[figure] === 0 ? [otherwise] : [];
}

async function play(stage: Stage): Promise<void> {
  const { processes, tasks } = stage.measures;
  await stage.createTasks(plainTasks(tasks));
  const mates = await stage.muster(
    { role: 'worker', count: processes },
    { role: 'reclaimer', count: 1 },
  );
  await seeOut(mates.slice(0, processes), mates.slice(processes));
}

async function workSlowly(hand: Hand): Promise<void> {
  let run: Run | undefined;
  while (hand.hasTime()) {
    run ??= await takeAny(hand);
    if (run === undefined) await hand.pause(10);
    else run = await workOn(hand, run);
  }
}

async function takeAny(hand: Hand): Promise<Run | undefined> {
  const { processes, tasks } = hand.order.measures;
  // The head of the queue, where everybody looks and what was reclaimed comes back; or any.
  const task = await pickReady(hand, hand.chance.happens(0.5) ? processes : tasks);
  return task && (await tryClaim(hand, task.taskId));
}

/**
 * Works on a run. Some of those that are too late want the task back, which may be another's by
 * then, held, or halted; the others leave it to whoever comes.
 */
async function workOn(hand: Hand, run: Run): Promise<Run | undefined> {
  await doWork(hand);
  const answer = await hand.commands.complete(run);
  if (answer !== 'stale_run') return undefined;
  await tryTheSuccessor(hand, run);
  return hand.chance.happens(wantBackShare) ? tryClaim(hand, run.taskId) : undefined;
}
