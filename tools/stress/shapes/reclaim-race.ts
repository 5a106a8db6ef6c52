/**
 * Workers that take longer than their lease and never beat, beside somebody who takes their runs
 * away: whatever they say when they are done, it must not count.
 */
import { doWork, type Hand, pickReady, reclaimSilent, tryClaim, tryTheSuccessor } from '../hand.ts';
import { type Outcome, plainTasks, type Shape, type Stage, seeOut } from '../shape.ts';

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
  const { processes, tasks } = hand.order.measures;
  while (hand.hasTime()) {
    // The head of the queue, where everybody looks and what was reclaimed comes back; or any.
    const task = await pickReady(hand, hand.chance.next() < 0.5 ? processes : tasks);
    const run = task && (await tryClaim(hand, task.taskId));
    if (run === undefined) {
      await hand.pause(10);
      continue;
    }
    await doWork(hand);
    const answer = await hand.commands.complete(run);
    if (answer === 'stale_run') await tryTheSuccessor(hand, run);
  }
}
