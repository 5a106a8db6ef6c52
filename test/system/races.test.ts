/**
 * Three boards over one log do things at the same time, and chance decides in which order their
 * reads and appends reach the log. Whoever wins, every invariant holds after every round. A failure
 * prints its seed and the interleaving; `LOGBOARD_TEST_SEED=<seed>` tells it again.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Board, createBoard } from '../../src/app/board.ts';
import { checkInvariants } from '../../src/app/verify.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { accepted, ada, dispatcher, workerOf } from '../kit/callers.ts';
import { createCountedIds } from '../kit/counted-ids.ts';
import { chosenSeed } from '../kit/seed.ts';
import { watchLog } from './log-watch.ts';
import { inMemory } from './stages.ts';

/** What a deed is done to; runs are named before anybody opens them. */
interface Target {
  readonly taskId: string;
  readonly otherId: string;
  readonly runId: string;
}

const crash = { type: 'CrashRun', exit: {}, error: 'boom', evidence: {} } as const;
const stale = { type: 'MarkRunStale', silentMs: 1, evidence: {} } as const;

const deeds: Readonly<Record<string, (board: Board, at: Target) => Promise<unknown>>> = {
  claim: (board, { taskId, runId }) => board.as(dispatcher).claim(taskId, { runId }),
  claimAny: (board, { taskId }) => board.as(dispatcher).claim(taskId),
  beat: (board, { runId }) => board.as(workerOf(runId)).heartbeat(runId, { note: runId }),
  finish: (board, { runId }) => board.as(workerOf(runId)).completeRun(runId, { summary: 'Done.' }),
  giveBack: (board, { runId }) => board.as(workerOf(runId)).releaseRun(runId),
  crash: (board, { runId }) => board.as(dispatcher).endRun(runId, crash),
  stale: (board, { runId }) => board.as(dispatcher).endRun(runId, stale, 0),
  reclaim: (board, { taskId }) => board.as(ada).reclaim(taskId, 'silent', { assignee: 'rigger' }),
  complete: (board, { taskId }) => board.as(ada).complete(taskId, {}),
  block: (board, { taskId }) => board.as(ada).block(taskId, { cause: 'operator', reason: 'Wait.' }),
  unblock: (board, { taskId }) => board.as(ada).unblock(taskId),
  reopen: (board, { taskId }) => board.as(ada).reopen(taskId),
  archive: (board, { taskId }) => board.as(ada).archive(taskId),
  restore: (board, { taskId }) => board.as(ada).restore(taskId),
  link: (board, { taskId, otherId }) => board.as(ada).link(otherId, taskId),
  linkBack: (board, { taskId, otherId }) => board.as(ada).link(taskId, otherId),
  unlink: (board, { taskId, otherId }) => board.as(ada).unlink(otherId, taskId),
  force: (board, { taskId }) => board.as(ada).promote(taskId, { forced: true }),
  create: (board) => board.as(ada).create({ title: 'Paint', idempotencyKey: 'hull' }),
};

/** What has most to lose by coming at the same time. */
const oftener = ['claim', 'claim', 'finish', 'reopen', 'link', 'linkBack'];

const deed = fc.record({
  name: fc.constantFrom(...Object.keys(deeds), ...oftener),
  board: fc.nat(2),
  task: fc.nat(3),
  other: fc.nat(3),
  run: fc.nat(5),
});
/** Rounds of deeds that are done at the same time. */
const rounds = fc.array(fc.array(deed, { minLength: 2, maxLength: 4 }), {
  minLength: 3,
  maxLength: 8,
  size: 'max',
});

it('whatever happens at the same time, the log keeps its promises', {
  timeout: 180_000,
}, async () => {
  const raced = fc.asyncProperty(fc.scheduler(), rounds, async (order, rounds) => {
    const { log, clock, newTables } = await inMemory();
    const ids = createCountedIds();
    const projections = newTables();
    const reachable = inAnyOrder(log, order);
    const boards = [0, 1, 2].map(() => createBoard({ log: reachable, projections, clock, ids }));
    const calm = createBoard({ log, projections, clock, ids });
    const tasks = await someTasks(calm);
    const watch = watchLog(log);

    for (const round of rounds) {
      const doing = round.map(({ name, board, task, other, run }) => {
        const at = { taskId: tasks[task]!, otherId: tasks[other]!, runId: `R-C0000000000${run}` };
        return deeds[name]!(boards[board]!, at);
      });
      await order.waitFor(Promise.all(doing));
      await watch.look();
      clock.stepWall(3_600_000);
    }
    expect(await checkInvariants({ log, codec })).toEqual([]);
  });
  await fc.assert(raced, { ...chosenSeed, numRuns: 800 });
});

/** One that is done, one that builds on it, and two that stand alone. */
async function someTasks(board: Board): Promise<readonly string[]> {
  const commands = board.as(ada);
  const sand = await accepted(commands.create({ title: 'Sand' }));
  const paint = await accepted(commands.create({ title: 'Paint', parents: [sand.taskId] }));
  const rig = await accepted(commands.create({ title: 'Rig' }));
  const sail = await accepted(commands.create({ title: 'Sail' }));
  await accepted(commands.complete(sand.taskId, {}));
  return [sand, paint, rig, sail].map(({ taskId }) => taskId);
}

/** The same log at the end of lines of different length: calls reach it in any order. */
function inAnyOrder(log: EventLog, order: fc.Scheduler): EventLog {
  return {
    ...log,
    append: order.scheduleFunction((writes) => log.append(writes)),
    readStream: order.scheduleFunction((stream, options) => log.readStream(stream, options)),
  };
}
