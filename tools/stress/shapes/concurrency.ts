/** Workers that empty one queue together, as fast as they can. */
import { doWork, type Hand, pickReady, tryClaim } from '../hand.ts';
import { type Outcome, plainTasks, type Shape, type Stage, seeOut } from '../shape.ts';

/** One queue, several workers, and nothing that goes wrong. */
export const concurrency: Shape = {
  name: 'concurrency',
  about: 'one queue of tasks with 1–50 ms of work each',
  full: {
    processes: 5,
    tasks: 100,
    forMs: 60_000,
    leaseMs: 60_000,
    workMs: [1, 50],
    everyMs: 0,
    backoffMs: 0,
  },
  play,
  work,
  shortcomings: ({ figures, measures }) => {
    const left = measures.tasks - (figures['completions'] ?? 0);
    return left === 0 ? [] : [`${left} tasks are not done`];
  },
  figures: (outcome) => ({ tasksPerSecond: tasksPerSecond(outcome) }),
};

async function play(stage: Stage): Promise<void> {
  await stage.createTasks(plainTasks(stage.measures.tasks));
  await seeOut(await stage.muster({ role: 'worker', count: stage.measures.processes }));
}

async function work(hand: Hand): Promise<void> {
  while (hand.hasTime()) {
    const task = await pickReady(hand, hand.order.measures.processes);
    if (task === undefined) return;
    const run = await tryClaim(hand, task.taskId);
    if (run === undefined) continue;
    await doWork(hand);
    await hand.commands.complete(run);
  }
}

/** From the first claim to the last completion. */
function tasksPerSecond({ deeds, measures }: Outcome): number {
  const begun = deeds.reduce(
    (least, { invokedAtNs: at }) => (at < least ? at : least),
    deeds[0]!.invokedAtNs,
  );
  const ended = deeds.reduce((most, { answeredAtNs: at = 0n }) => (at > most ? at : most), 0n);
  return Math.round((measures.tasks * 1e9) / Number(ended - begun));
}
