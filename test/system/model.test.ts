/**
 * The real board against the model: any story of commands by people, workers, stale workers and
 * dispatchers is answered as the model says, keeps every invariant after each step, and ends in
 * tables that say the same. A failure prints its seed and the shortest story that still fails;
 * `LOGBOARD_TEST_SEED=<seed> npx vitest run test/system/model.test.ts` tells it again.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Projections } from '../../projections/run.ts';
import { createBoard } from '../../src/app/board.ts';
import { checkInvariants } from '../../src/app/verify.ts';
import { codec } from '../../src/log/codec.ts';
import { createCountedIds } from '../kit/counted-ids.ts';
import { chosenSeed } from '../kit/seed.ts';
import { BoardModel, rules } from './board-model.ts';
import { watchLog } from './log-watch.ts';
import { anyMove, begin, type Move, read } from './moves.ts';
import { inMemory, type OpenStage, onDisk } from './stages.ts';

const timeout = 180_000;

/** Stories of any length up to so many moves, the long ones as likely as the short. */
function story(maxCommands: number, moves: fc.Arbitrary<Move>[] = anyMove()) {
  return fc.noBias(fc.commands(moves, { maxCommands, size: 'max' }));
}

it('any story is answered as the model says', { timeout }, async () => {
  const told = fc.asyncProperty(story(50), (moves) => tell(moves, inMemory));
  await fc.assert(told, { ...chosenSeed, numRuns: 1_620 });
});

it('any story ends in tables that say the same, and again when rebuilt', { timeout }, async () => {
  const moves = [...anyMove(), read, read, read];
  const told = fc.asyncProperty(story(40, moves), (told) => tell(told, inMemory, compareTables));
  await fc.assert(told, { ...chosenSeed, numRuns: 300 });
});

it('any story on a log on disk is answered as the model says', { timeout }, async () => {
  const told = fc.asyncProperty(story(25), (moves) => tell(moves, onDisk, compareTables));
  await fc.assert(told, { ...chosenSeed, numRuns: 80 });
});

type Compare = (model: BoardModel, live: Projections, rebuilt: Projections) => Promise<void>;

/** Tells a story to a model and to two boards over one log, and looks at how it ends. */
async function tell(
  moves: Iterable<Move>,
  openStage: OpenStage,
  compare: Compare = async () => {},
): Promise<void> {
  const { log, clock, newTables, clear } = await openStage();
  const tables = [newTables(), newTables(), newTables()] as const;
  const [live, elsewhere, rebuilt] = tables;
  try {
    const ids = createCountedIds();
    const boards = [live, elsewhere].map((projections) =>
      createBoard({ log, projections, clock, ids, policy: () => rules }),
    );
    const model = new BoardModel(clock.nowMs());
    const real = { boards, clock, watch: watchLog(log) };
    await begin(model, real);
    await fc.asyncModelRun(() => ({ model, real }), moves);
    expect(await checkInvariants({ log, codec })).toEqual([]);
    await compare(model, live, rebuilt);
  } finally {
    for (const one of tables) one.close();
    await clear();
  }
}

/** Tables that were kept up, those that are made anew, and the model have the same to say. */
async function compareTables(model: BoardModel, live: Projections, rebuilt: Projections) {
  await live.catchUp();
  await rebuilt.catchUp();
  for (const task of model.tasks) {
    const { taskId } = task;
    const row = live.queries.task(taskId, model.nowMs);
    expect(row, taskId).toMatchObject({
      status: model.statusOf(task),
      failures: task.failures,
      interruptions: task.interruptions,
      attempts: task.attempts,
      assignee: task.assignee,
      maxRetries: task.maxRetries,
      notBeforeMs: task.notBeforeMs,
      parents: task.parents,
      openParents: model.openParents(task).length,
      currentRunId: task.run?.runId ?? null,
    });
    expect(rebuilt.queries.task(taskId, model.nowMs)).toEqual(row);
    expect(rebuilt.queries.runs(taskId)).toEqual(live.queries.runs(taskId));
  }
}
