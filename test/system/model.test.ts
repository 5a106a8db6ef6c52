/**
 * The real board against the model: any story of commands by people, workers, stale workers and
 * dispatchers is answered as the model says, keeps every invariant after each step, and ends in
 * tables that say the same. A failure prints its seed and the shortest story that still fails;
 * `LOGBOARD_TEST_SEED=<seed> npx vitest run test/system/model.test.ts` tells it again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openProjections, type Projections } from '../../projections/run.ts';
import { createBoard } from '../../src/app/board.ts';
import { checkInvariants } from '../../src/app/verify.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { createCountedIds } from '../kit/boards.ts';
import { createFakeClock, type FakeClock } from '../kit/fake-clock.ts';
import { openLate } from '../kit/late-tables.ts';
import { chosenSeed } from '../kit/seed.ts';
import { realPorts } from '../log/real-ports.ts';
import { BoardModel } from './board-model.ts';
import { watchLog } from './log-watch.ts';
import { anyMove, begin, type Move, read, type World } from './moves.ts';

const timeout = 180_000;

/** Stories of any length up to so many moves, the long ones as likely as the short. */
function story(maxCommands: number, moves: fc.Arbitrary<Move>[] = anyMove()) {
  return fc.noBias(fc.commands(moves, { maxCommands, size: 'max' }));
}

it('any story is answered as the model says', { timeout }, async () => {
  const told = fc.asyncProperty(story(40), (moves) => tell(moves, openMemoryLog, async () => {}));
  await fc.assert(told, { ...chosenSeed, numRuns: 1_620 });
});

it('any story ends in tables that say the same, and again when rebuilt', { timeout }, async () => {
  const moves = [...anyMove(), read, read, read];
  const told = fc.asyncProperty(story(30, moves), (moves) =>
    tell(moves, openMemoryLog, compareTables),
  );
  await fc.assert(told, { ...chosenSeed, numRuns: 300 });
});

it('any story on a log on disk is answered as the model says', { timeout }, async () => {
  const told = fc.asyncProperty(story(25), (moves) => tell(moves, openDiskLog, compareTables));
  await fc.assert(told, { ...chosenSeed, numRuns: 80 });
});

interface OpenedLog {
  readonly log: EventLog;
  remove(): Promise<void>;
}

async function openMemoryLog(clock: FakeClock): Promise<OpenedLog> {
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  return { log, remove: () => log.close() };
}

async function openDiskLog(clock: FakeClock): Promise<OpenedLog> {
  const directory = await mkdtemp(join(tmpdir(), 'logboard-model-'));
  const log = await openSqliteLog(directory, { ...realPorts, clock });
  return {
    log,
    async remove() {
      await log.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Tells a story to a model and to two boards over one log, and looks at how it ends. */
async function tell(
  moves: Iterable<Move>,
  open: (clock: FakeClock) => Promise<OpenedLog>,
  compare: (model: BoardModel, live: Projections, rebuilt: Projections) => Promise<void>,
): Promise<void> {
  const clock = createFakeClock();
  const { log, remove } = await open(clock);
  const newTables = () =>
    openLate(() => openProjections({ log, timers: realPorts.timers, path: ':memory:' }));
  const tables = [newTables(), newTables(), newTables()] as const;
  try {
    const ids = createCountedIds();
    const boards = tables
      .slice(0, 2)
      .map((projections) => createBoard({ log, projections, clock, ids }));
    const model = new BoardModel(clock.nowMs());
    const real: World = { boards, clock, watch: watchLog(log) };
    await begin(model, real);
    await fc.asyncModelRun(() => ({ model, real }), moves);
    expect(await checkInvariants({ log, codec })).toEqual([]);
    await compare(model, tables[0], tables[2]);
  } finally {
    for (const one of tables) one.close();
    await remove();
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
