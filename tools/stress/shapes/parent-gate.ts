/** Claimers that push at the door of a child while one of them completes its parent. */
import { doWork, type Hand, tryClaim } from '../hand.ts';
import { type Outcome, plainTasks, type Shape, type Stage, seeOut } from '../shape.ts';

/** How long a claimer waits between two pushes, in ms. */
const pushEveryMs = 1;

/** A door that opens once, for one. */
export const parentGate: Shape = {
  name: 'parent-gate',
  about: 'parents and children that all want at once; a child waits for its parent',
  full: {
    processes: 4,
    tasks: 200,
    forMs: 120_000,
    leaseMs: 60_000,
    workMs: [0, 20],
    everyMs: 0,
    backoffMs: 0,
  },
  play,
  work,
  shortcomings: (outcome) => [...unevenWins(outcome), ...lateRefusals(outcome)],
  figures: ({ deeds }) => ({
    pushesRefused: deeds.filter(({ operation }) => operation.answer === 'parents_open').length,
  }),
};

async function play(stage: Stage): Promise<void> {
  const parents = await stage.createTasks(plainTasks(stage.measures.tasks));
  const children = await stage.createTasks(
    parents.map((parentId, index) => ({ title: `child ${index}`, parents: [parentId] })),
  );
  const taskIds = () => parents.flatMap((parentId, index) => [parentId, children[index]!]);
  await seeOut(await stage.muster({ role: 'claimer', count: stage.measures.processes, taskIds }));
}

async function work(hand: Hand): Promise<void> {
  const { taskIds } = hand.order;
  for (let index = 0; index < taskIds.length && hand.hasTime(); index += 2) {
    const run = await tryClaim(hand, taskIds[index]!);
    if (run !== undefined) {
      await doWork(hand);
      await hand.commands.complete(run);
    }
    await push(hand, taskIds[index + 1]!);
  }
}

/** Claims the child again and again, until it is held by this process or another. */
async function push(hand: Hand, childId: string): Promise<void> {
  while (hand.hasTime()) {
    const { run, answer } = await hand.commands.claim(childId, hand.order.measures.leaseMs);
    if (answer === 'accepted') await hand.commands.complete(run);
    if (answer !== 'parents_open') return;
    await hand.pause(pushEveryMs);
  }
}

/** In each round one claimer wins the parent, and one the child, and both are done. */
function unevenWins({ figures, facts, measures }: Outcome): readonly string[] {
  const expected = measures.tasks * 2;
  const found = [
    figures['claims'],
    figures['completions'],
    facts.claimedBy.size,
    facts.doneAt.size,
  ];
  if (figures['pushesRefused'] === 0) return ['nobody pushed before the door was open'];
  if (found.every((count) => count === expected)) return [];
  return [`of ${expected} tasks as many should be claimed and done, not ${found.join(', ')}`];
}

/** Whoever asks after a parent was said to be done is not told that it is open. */
function lateRefusals({ deeds, facts }: Outcome): readonly string[] {
  const doneAtNs = new Map(
    deeds
      .filter(({ operation: { name, answer } }) => name === 'complete' && answer === 'accepted')
      .map(({ operation, answeredAtNs }) => [operation.taskId, answeredAtNs]),
  );
  return deeds
    .filter(({ operation: { answer, taskId }, invokedAtNs }) => {
      const [parentId = ''] = facts.parents.get(taskId) ?? [];
      const openUntilNs = doneAtNs.get(parentId) ?? invokedAtNs;
      return answer === 'parents_open' && openUntilNs < invokedAtNs;
    })
    .map(({ operation }) => `${operation.taskId} was kept waiting after its parent was done`);
}
