/**
 * The page's board is the server's: from a snapshot at any position, folding what came after gives
 * the rows that the tables have. A failure prints its seed.
 */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTables } from '../../../projections/fold.ts';
import type { Queries } from '../../../projections/queries.ts';
import { openTables } from '../../../projections/tables.ts';
import type { Recorded } from '../../../src/domain/catalogue.ts';
import { statusOf } from '../../../src/domain/readiness.ts';
import type { TaskEvent } from '../../../src/domain/task/events.ts';
import type { TaskRecord } from '../../../src/domain/task/record.ts';
import { codec } from '../../../src/log/codec.ts';
import { type BoardDocument, snapshotOf } from '../../../src/web/api/board-document.ts';
import { type BoardFold, createBoardFold } from '../../../src/web/state/board-fold.ts';
import { cardsJson, openRunJson } from '../../../src/wire/card-json.ts';
import { onBoard, onRun, onTask, recorded } from '../../kit/a-history.ts';
import { opened } from '../../kit/a-run.ts';
import { claimed, created, parentId, runId, taskId } from '../../kit/a-task.ts';
import { chosenSeed } from '../../kit/seed.ts';
import { eventful, simulatedLog } from '../../kit/simulated-log.ts';
import { anyHistory } from '../../projections/any-history.ts';

const timeout = 120_000;

describe('the board in the page', () => {
  test('is what the tables say, wherever it was opened', { timeout }, async () => {
    const log = await simulatedLog(eventful);
    const events = (await log.readAll()).map((event) => codec.decode(event));
    const cuts = [0.1, 0.3, 0.5, 0.7, 0.9, 1].map((part) => Math.floor(events.length * part));
    for (const cut of cuts) expectTheSame(events, cut);
  });

  test('is what the tables say, whatever happens', { timeout }, async () => {
    const property = fc.asyncProperty(anyHistory(), fc.nat(100), async (history, percent) => {
      const events = await history();
      expectTheSame(events, Math.max(1, Math.floor((events.length * percent) / 100)));
    });
    await fc.assert(property, { ...chosenSeed, numRuns: 60 });
  });

  test('goes on from what it was at any moment', { timeout }, async () => {
    const log = await simulatedLog(eventful);
    const events = (await log.readAll()).map((event) => codec.decode(event));
    const first = pageAfter(events.slice(0, 200));
    const straight = pageAfter(events.slice(0, 200));
    for (const event of events.slice(200, 400)) straight.fold(event);
    const again = createBoardFold(first.snapshot());
    for (const event of events.slice(100, 400)) again.fold(event);

    expect(again.snapshot()).toEqual(straight.snapshot());
  });
});

describe('a page opened before', () => {
  const parent = onTask(created(), parentId);
  const child = onTask(created({ parents: [parentId] }));
  const done = onTask({ type: 'TaskCompleted', data: {} }, parentId);

  test.each([
    ['a child was taken from its parent', [parent, child, onTask(unlink), done]],
    ['a child was given a parent', [parent, onTask(created()), onTask(link), done]],
    ['a child was made of a parent in the archive', [parent, done, archive(parentId), child]],
    [
      'a task of the archive came back, and was done',
      [
        parent,
        child,
        archive(parentId),
        onTask({ type: 'TaskRestored', data: {} }, parentId),
        done,
      ],
    ],
    [
      'a child in the archive was taken from its parent',
      [parent, child, archive(taskId), onTask(unlink), done],
    ],
    [
      'a child in the archive was given a parent',
      [parent, onTask(created()), archive(taskId), onTask(link), done],
    ],
    ['a parent was skipped', [parent, child, onTask(promote), done]],
    ['a lease was extended', [onTask(created()), onTask(claimed()), onRun(opened()), extension()]],
    ['the board was paused', [onBoard({ type: 'BoardPaused', data: {} })]],
  ])('%s shows it as the tables do', (_, lines) => {
    const events = recorded([onBoard(founded), ...lines]);
    for (let cut = 1; cut <= events.length; cut += 1) expectTheSame(events, cut);
  });
});

const founded = { type: 'BoardCreated', data: { name: 'Here', epoch: 'epoch-1' } } as const;
const link = { type: 'ParentAdded', data: { parentId } } as const;
const unlink = { type: 'ParentRemoved', data: { parentId } } as const;
const promote: TaskEvent = {
  type: 'TaskPromoted',
  data: { forced: true, waivedParents: [parentId] },
};

function archive(id: string) {
  return onTask({ type: 'TaskArchived', data: {} }, id);
}

function extension() {
  const data = { runId, ttlMs: 60_000, reason: 'seen alive', evidence: {} };
  return onTask({ type: 'LeaseExtended', data });
}

/** Opens the page after so many events, lets it fold the others, and asks the tables. */
function expectTheSame(events: readonly Recorded[], cut: number): void {
  let fold = pageAfter(events.slice(0, cut));
  for (const [index, event] of events.slice(cut).entries()) {
    if (fold.fold(event) === 'unknown') fold = pageAfter(events.slice(0, cut + index + 1));
  }
  const queries = tablesOf(events);
  const expected = createBoardFold(snapshotOf(documentOf(queries, events)));
  expect(visible(fold)).toEqual(visible(expected));
  expect([...fold.runs.values()].sort(bySeq)).toEqual([...expected.runs.values()]);
  expect(fold.board().isPaused).toBe(queries.board()?.isPaused ?? false);
  for (const nowMs of [0, nowOf(events), nowOf(events) + 10 ** 9]) {
    const listed = queries.tasks({}, {}, nowMs).map(({ taskId, status }) => [taskId, status]);
    const shown = visible(fold).map(({ task, taskId, openParents }) => {
      return [taskId, statusOf(task, { openParents, nowMs })];
    });
    expect(shown).toEqual(listed);
  }
}

function pageAfter(events: readonly Recorded[]): BoardFold {
  return createBoardFold(snapshotOf(documentOf(tablesOf(events), events)));
}

function tablesOf(events: readonly Recorded[]): Queries {
  const db = new Database(':memory:');
  createTables(db, 'epoch-1');
  const at = (position: number) => ({ position, epoch: 'epoch-1', hash: `hash-${position}` });
  const tables = openTables(db);
  tables.apply({ from: at(0), events, to: at(events.at(-1)?.position ?? 0) });
  return tables.queries;
}

function documentOf(queries: Queries, events: readonly Recorded[]): BoardDocument {
  const nowMs = nowOf(events);
  const document = {
    position: events.at(-1)?.position ?? 0,
    at: new Date(nowMs).toISOString(),
    board: { board: 'here', name: 'Here', epoch: 'epoch-1', createdAt: null, isPaused: isPaused() },
    policy: {},
    workers: [],
    tasks: cardsJson(queries.tasks({}, {}, nowMs), queries),
    runs: queries.openRuns().map(openRunJson),
    dispatchers: [],
  };
  function isPaused(): boolean {
    return queries.board()?.isPaused ?? false;
  }
  return JSON.parse(JSON.stringify(document)) as BoardDocument;
}

function nowOf(events: readonly Recorded[]): number {
  return events.at(-1)?.meta.at ?? 0;
}

/** What people see, without what the page does not keep. */
function visible(fold: BoardFold): readonly TaskRecord[] {
  return [...fold.tasks.values()]
    .filter(({ status }) => status !== 'archived' && status !== 'tombstoned')
    .sort(bySeq)
    .map((record) => {
      const { handOff } = record.task;
      const summary = handOff?.summary === undefined ? null : { summary: handOff.summary };
      return { ...record, task: { ...record.task, body: null, handOff: summary } };
    });
}

function bySeq(one: { readonly seq: number }, other: { readonly seq: number }): number {
  return one.seq - other.seq;
}
