/** Tasks that are offered to everybody at the same moment, one after the other. */
import { type Hand, tryClaim } from '../hand.ts';
import { plainTasks, type Shape, type Stage, seeOut } from '../shape.ts';

/** One task, many takers. */
export const claimsRace: Shape = {
  name: 'claims-race',
  about: 'every process claims every task, at the same moment as all others',
  full: {
    processes: 10,
    tasks: 1_000,
    forMs: 300_000,
    leaseMs: 60_000,
    workMs: [0, 0],
    everyMs: 25,
    backoffMs: 0,
  },
  play,
  work,
  shortcomings: ({ figures, measures: { tasks, processes } }) => {
    const found = [figures['claims'], figures['claimsRefused'], figures['completions']];
    const expected = [tasks, tasks * (processes - 1), tasks];
    if (found.every((count, index) => count === expected[index])) return [];
    return [`claims won, lost and completed should be ${expected.join(', ')}, not ${found}`];
  },
};

async function play(stage: Stage): Promise<void> {
  const ids = await stage.createTasks(plainTasks(stage.measures.tasks));
  const { processes: count } = stage.measures;
  await seeOut(await stage.muster({ role: 'claimer', count, taskIds: () => ids }));
}

async function work(hand: Hand): Promise<void> {
  const { taskIds, measures } = hand.order;
  for (const [index, taskId] of taskIds.entries()) {
    await hand.until(index * measures.everyMs);
    const run = await tryClaim(hand, taskId);
    if (run !== undefined) await hand.commands.complete(run);
  }
}
