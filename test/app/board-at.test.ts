/** A board on disk as it was: all that can be asked is what folding the log up to there answers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Queries } from '../../projections/index.ts';
import { openProjections } from '../../projections/run.ts';
import type { Board } from '../../src/app/board.ts';
import { cutLog } from '../../src/log/cut.ts';
import { type EventLog, readLimitMax } from '../../src/log/event-log.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { openBoardAt } from '../../src/main.ts';
import { foundOf } from '../kit/found-of.ts';
import { longLog } from '../kit/long-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { realPorts } from '../log/real-ports.ts';

const events = 3_000;

async function aBoard(): Promise<{ board: Board; directory: string }> {
  const directory = tempDir();
  const log = await openSqliteLog(directory, realPorts);
  const stored = await (await longLog(events)).readAll({ limit: readLimitMax });
  await Promise.all(
    stored.map(({ stream, id, type, schemaVersion, data, meta }) =>
      log.append([{ stream, expected: 'any', events: [{ id, type, schemaVersion, data, meta }] }]),
    ),
  );
  await log.close();
  const board = await openBoardAt(directory, { access: 'read', policy: undefined });
  onTestFinished(() => board.close());
  return { board, directory };
}

/** Everything that there is to ask, and what is answered. */
function answers(queries: Queries, nowMs: number) {
  const tasks = queries.tasks({ includeArchived: true }, {}, nowMs);
  return {
    tasks,
    stats: queries.stats(nowMs),
    assignees: queries.assignees(nowMs),
    ready: queries.ready(nowMs, { limit: 50 }),
    timeline: queries.timeline({ limit: 10_000 }),
    refused: queries.refused(),
    dispatchers: queries.dispatchers(),
    board: queries.board(),
    broken: queries.brokenInvariants(),
    found: ['task', 'work', 'crash'].map((word) => foundOf(queries, word)),
    each: tasks.map(({ taskId }) => [
      queries.runs(taskId),
      queries.comments(taskId),
      queries.timeline({ taskId, limit: 100 }),
      queries.parents(taskId, nowMs),
      queries.trouble(taskId),
    ]),
  };
}

async function folded(log: EventLog, position: number, nowMs: number) {
  const tables = await openProjections({
    log: cutLog(log, position),
    timers: realPorts.timers,
    path: ':memory:',
  });
  await tables.catchUp();
  const found = answers(tables.queries, nowMs);
  tables.close();
  return found;
}

async function past(board: Board, position: number): Promise<Board> {
  const found = await board.at({ position });
  if (found.refused) throw new Error(found.message);
  return found;
}

test.each([1, 777, 2_345, 2_999, events])('at position %i', async (position) => {
  const { board } = await aBoard();
  const then = await past(board, position);
  const expected = await folded(board.log, position, then.nowMs());
  expect(answers(await then.read(), then.nowMs())).toEqual(expected);
  expect(then.projections.checkpoint()).toMatchObject({ position });
  await then.close();
});

test('seen from there, an earlier moment is the same as seen from now', async () => {
  const { board } = await aBoard();
  const [then, before] = [await past(board, 2_000), await past(board, 1_000)];
  const earlier = await past(then, 1_000);
  const found = answers(await earlier.read(), earlier.nowMs());
  expect(found).toEqual(answers(await before.read(), before.nowMs()));
  expect(await then.at({ position: 2_001 })).toMatchObject({ code: 'beyond_head' });
  for (const each of [earlier, before, then]) await each.close();
});

test('looking changes neither the log nor the tables of the present', async () => {
  const { board, directory } = await aBoard();
  const now = answers(await board.read(), 0);
  const files = () => readdirSync(directory).filter((name) => name !== 'history');
  const bytes = () =>
    files().map((name) => [name, readFileSync(join(directory, name)).toString('base64')]);
  const before = bytes();
  for (const position of [2_900, 10]) {
    const then = await past(board, position);
    answers(await then.read(), 0);
    await then.close();
  }
  expect(bytes()).toEqual(before);
  expect(answers(await board.read(), 0)).toEqual(now);
});
