/** Everything at once: work, blocks and their lifting, and tasks put away under their workers. */
import { doWork, type Hand, pickReady, reclaimSilent, tryClaim } from '../hand.ts';
import type { Run } from '../recorded-commands.ts';
import { plainTasks, type Shape, type Stage, seeOut } from '../shape.ts';

const archiveShare = 0.05;
const unblockShare = 0.1;
const blockShare = 0.2;
const releaseShare = 0.05;

/** How long one with nothing to do waits, in ms. */
const idleMs = 10;

/** A busy board. */
export const mixed: Shape = {
  name: 'mixed',
  about: 'turns of which 5 % archive and 10 % unblock; of the work 20 % is blocked, 5 % given back',
  full: {
    processes: 10,
    tasks: 500,
    forMs: 30_000,
    leaseMs: 5_000,
    workMs: [1, 50],
    everyMs: 1_000,
    backoffMs: 100,
  },
  play,
  work: (hand) => (hand.order.role === 'reclaimer' ? reclaimSilent(hand) : takeTurns(hand)),
  shortcomings: ({ figures }) =>
    ['completions', 'blocks', 'unblocks']
      .filter((name) => figures[name] === 0)
      .map((name) => `there were no ${name}`),
};

async function play(stage: Stage): Promise<void> {
  const { processes, tasks } = stage.measures;
  const taskIds = await stage.createTasks(plainTasks(tasks));
  const mates = await stage.muster(
    { role: 'worker', count: processes, taskIds: () => taskIds },
    { role: 'reclaimer', count: 1 },
  );
  await seeOut(mates.slice(0, processes), mates.slice(processes));
}

async function takeTurns(hand: Hand): Promise<void> {
  while (hand.hasTime() && (await isAnythingLeft(hand))) {
    const share = hand.chance.float();
    if (share < archiveShare) await archiveAny(hand);
    else if (share < archiveShare + unblockShare) await unblockAny(hand);
    else await workOnAny(hand);
  }
}

async function isAnythingLeft({ board }: Hand): Promise<boolean> {
  const status = ['ready', 'scheduled', 'running', 'blocked'] as const;
  return (await board.read()).countTasks({ status }, board.nowMs()) > 0;
}

async function archiveAny({ chance, commands, order }: Hand): Promise<void> {
  await commands.archive(chance.pick(order.taskIds));
}

async function unblockAny({ board, chance, commands }: Hand): Promise<void> {
  const queries = await board.read();
  const stopped = queries.tasks({ status: ['blocked', 'halted'] }, {}, board.nowMs());
  const task = chance.pickIfAny(stopped);
  if (task) await commands.unblock(task.taskId);
}

async function workOnAny(hand: Hand): Promise<void> {
  const task = await pickReady(hand, hand.order.measures.processes);
  const run = task && (await tryClaim(hand, task.taskId));
  if (run === undefined) {
    await hand.pause(idleMs);
    return;
  }
  await doWork(hand);
  await hand.commands.heartbeat(run);
  await finish(hand, run);
}

async function finish({ chance, commands }: Hand, run: Run): Promise<void> {
  const share = chance.float();
  if (share < blockShare) await commands.block(run);
  else if (share < blockShare + releaseShare) await commands.release(run);
  else await commands.complete(run);
}
