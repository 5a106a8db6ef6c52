/** The life of a task, cut where it stood differently: every kind, its ends, and its reasons. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTables } from '../../projections/fold.ts';
import { openTables } from '../../projections/tables.ts';
import type { ListedTask } from '../../projections/tasks/row.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import { type Segment, segmentsOf } from '../../src/domain/segments.ts';
import {
  atTime,
  byMachine,
  comment,
  type Line,
  onRun,
  onTask,
  recorded,
} from '../kit/a-history.ts';
import { beat, endings, opened, spawned, started } from '../kit/a-run.ts';
import {
  archived,
  blocked,
  claimed,
  completed,
  created,
  failed,
  halted,
  inReview,
  otherRunId,
  parentId,
  runId,
  taskId,
  tombstoned,
} from '../kit/a-task.ts';
import { chosenSeed } from '../kit/seed.ts';
import { anyHistory } from '../projections/any-history.ts';

const ttlMs = 100_000;
const minute = 60_000;

/** The line, so many seconds after the story began. */
const at = (seconds: number, line: Line) => atTime(seconds * 1_000, line);

/** `running 10-70` and so on, up to the second given. */
function told(lines: readonly Line[], nowSeconds: number): readonly string[] {
  return segments(lines, nowSeconds).map(
    ({ kind, fromAtMs, toAtMs }) => `${kind} ${fromAtMs / 1_000}-${toAtMs / 1_000}`,
  );
}

function segments(lines: readonly Line[], nowSeconds: number): readonly Segment[] {
  return segmentsOf({ taskId, events: recorded(lines) }, nowSeconds * 1_000);
}

const claim = (seconds: number) => [
  at(seconds, byMachine(onTask(claimed({ ttlMs, host: 'quay' })))),
  at(seconds, onRun(opened({ ttlMs, launchLeaseMs: 30_000, assignee: 'painter' }))),
];
const work = (seconds: number) => [
  ...claim(seconds),
  at(seconds + 1, onRun(spawned)),
  at(seconds + 2, onRun(started)),
];

describe('a life', () => {
  test.each<[what: string, lines: readonly Line[], nowSeconds: number, life: readonly string[]]>([
    ['is empty before the task is there', [], 9, []],
    ['begins with its creation', [at(5, onTask(created()))], 9, ['ready 5-9']],
    ['may begin in triage', [at(5, onTask(created({ triage: true })))], 9, ['triage 5-9']],
    [
      'goes from launching to running, and ends done',
      [at(0, onTask(created())), ...work(5), at(60, onTask(completed))],
      90,
      ['ready 0-5', 'launching 5-7', 'running 7-60', 'done 60-90'],
    ],
    [
      'is running at once when the worker is somebody else’s',
      [
        at(0, onTask(created())),
        at(5, onTask(claimed({ ttlMs }))),
        at(5, onRun(opened({ ttlMs, kind: 'external' }))),
      ],
      9,
      ['ready 0-5', 'running 5-9'],
    ],
    [
      'waits for its parents, and is ready when the last of them is done',
      [
        at(0, onTask(created(), parentId)),
        at(1, onTask(created({ parents: [parentId] }))),
        at(8, onTask({ type: 'TaskCompleted', data: {} }, parentId)),
      ],
      9,
      ['waiting 1-8', 'ready 8-9'],
    ],
    [
      'waits again when its parent is reopened',
      [
        at(0, onTask(created(), parentId)),
        at(1, onTask({ type: 'TaskCompleted', data: {} }, parentId)),
        at(2, onTask(created({ parents: [parentId] }))),
        at(5, onTask({ type: 'TaskReopened', data: {} }, parentId)),
      ],
      9,
      ['ready 2-5', 'waiting 5-9'],
    ],
    [
      'is scheduled until its time comes, with no event then',
      [at(0, onTask(created({ notBeforeMs: 40_000 }))), ...claim(50)],
      60,
      ['scheduled 0-40', 'ready 40-50', 'launching 50-60'],
    ],
    [
      'has the wait after a failure in it',
      [
        at(0, onTask(created())),
        ...work(5),
        at(20, onRun(endings.RunCrashed)),
        at(20, onTask(failed({ notBeforeMs: 30_000, hold: 'backoff' }))),
      ],
      35,
      ['ready 0-5', 'launching 5-7', 'running 7-20', 'scheduled 20-30', 'ready 30-35'],
    ],
    [
      'stops when it is blocked, halted or in review, and goes on when that is over',
      [
        at(0, onTask(created())),
        at(1, onTask(blocked)),
        at(2, onTask({ type: 'TaskUnblocked', data: {} })),
        at(3, onTask(halted)),
        at(4, onTask({ type: 'TaskResumed', data: {} })),
        at(5, onTask(inReview)),
        at(6, onTask({ type: 'ReviewApproved', data: {} })),
        at(7, onTask(archived)),
        at(8, onTask(tombstoned)),
      ],
      9,
      [
        ...['ready 0-1', 'blocked 1-2', 'ready 2-3', 'halted 3-4', 'ready 4-5'],
        ...['review 5-6', 'done 6-7', 'archived 7-8', 'tombstoned 8-9'],
      ],
    ],
  ])('%s', (_what, lines, nowSeconds, life) => {
    expect(told(lines, nowSeconds)).toEqual(life);
  });

  test('says which event began each stretch, whose it was, and where', () => {
    const lines = [at(0, onTask(created({ assignee: 'rigger' }))), ...work(5)];
    const [ready, , running] = segments(lines, 9);

    expect(ready).toMatchObject({ fromPosition: 1, toPosition: 2, isOpen: false, runId: null });
    expect(ready).toMatchObject({ assignee: 'rigger', because: { type: 'TaskCreated' } });
    expect(running).toMatchObject({ fromPosition: 5, toPosition: null, isOpen: true });
    expect(running).toMatchObject({ runId, attempt: 1, assignee: 'painter', host: 'quay' });
    expect(running).toMatchObject({ because: { type: 'WorkerStarted', position: 5, taskId } });
  });

  test('names the parent whose end made it ready', () => {
    const lines = [
      at(0, onTask(created(), parentId)),
      at(1, onTask(created({ parents: [parentId] }))),
      at(8, onTask({ type: 'TaskCompleted', data: {} }, parentId)),
    ];

    expect(segments(lines, 9).at(-1)?.because).toMatchObject({
      ...{ type: 'TaskCompleted', position: 3, taskId: parentId, actor: { id: 'ada' } },
    });
  });

  test('runs forward though clocks do not, and never past now', () => {
    const lines = [
      at(10, onTask(created())),
      at(4, onTask(blocked)),
      at(12, onTask({ type: 'TaskUnblocked', data: {} })),
      at(99, onTask(archived)),
    ];

    expect(told(lines, 20)).toEqual([
      'ready 10-10',
      'blocked 10-12',
      'ready 12-20',
      'archived 20-20',
    ]);
  });
});

describe('a run', () => {
  const begun = [at(0, onTask(created())), ...work(0)];
  const life = (lines: readonly Line[], nowSeconds: number) =>
    told([...begun, ...lines], nowSeconds).slice(1);

  test('is suspect from the end of its lease, counted from its last sign of life', () => {
    expect(life([], 102)).toEqual(['launching 0-2', 'running 2-102', 'suspect 102-102']);
    expect(life([at(50, onRun(beat()))], 200)).toEqual([
      ...['launching 0-2', 'running 2-150', 'suspect 150-200'],
    ]);
  });

  test('says what its lease was, and when it was last heard', () => {
    const lines = [...begun, at(50, onRun(beat()))];

    expect(segments(lines, 200).at(-1)).toMatchObject({
      ...{ kind: 'suspect', runId, fromPosition: null, isOpen: true },
      because: { type: 'lease_over', leaseMs: ttlMs, lastSignAtMs: 50_000 },
    });
  });

  test('is beyond doubt again with the next beat, and suspect anew after another lease', () => {
    expect(life([at(130, onRun(beat()))], 240)).toEqual([
      ...['launching 0-2', 'running 2-102', 'suspect 102-130'],
      ...['running 130-230', 'suspect 230-240'],
    ]);
  });

  test('is not suspect while somebody saw it alive and extended its lease', () => {
    const data = { runId, ttlMs: 60_000, reason: 'process alive', evidence: {} };
    const extended = byMachine(onTask({ type: 'LeaseExtended', data }));

    expect(life([at(95, extended)], 150)).toEqual(['launching 0-2', 'running 2-150']);
    expect(life([at(95, extended)], 160).at(-1)).toBe('suspect 155-160');
  });

  test('is no less suspect because somebody talks about it', () => {
    expect(life([at(110, comment('Is it alive?')), at(111, onTask(edited))], 120)).toEqual([
      ...['launching 0-2', 'running 2-102', 'suspect 102-120'],
    ]);
  });

  test('has the launch lease until its worker is spawned, and its own from then on', () => {
    const lines = [at(0, onTask(created())), ...claim(0)];

    expect(told(lines, 40)).toEqual(['ready 0-0', 'launching 0-30', 'suspect 30-40']);
    expect(told([...lines, at(35, onRun(spawned))], 40)).toEqual([
      ...['ready 0-0', 'launching 0-30', 'suspect 30-35', 'launching 35-40'],
    ]);
  });

  test('stays what it was between its end and what that means for the task', () => {
    const lines = [at(130, onRun(endings.RunReclaimed)), at(140, onTask(reclaimed))];

    expect(life(lines, 150)).toEqual([
      ...['launching 0-2', 'running 2-102', 'suspect 102-140', 'ready 140-150'],
    ]);
  });

  test('was not silent where its beats were thinned out', () => {
    const heartbeats = { count: 40, firstAt: 10_000, lastAt: 400_000, maxGapMs: 10_000 };
    const data = { ...endings.RunReclaimed.data, heartbeats };
    const lines = [at(520, onRun({ type: 'RunReclaimed', data })), at(520, onTask(reclaimed))];

    expect(life(lines, 530)).toEqual([
      ...['launching 0-2', 'running 2-500', 'suspect 500-520', 'ready 520-530'],
    ]);
  });

  test('is told apart from the next one', () => {
    const again = { runId: otherRunId, attempt: 2, ttlMs };
    const lines = [
      at(30, onRun(endings.RunReclaimed)),
      at(30, onTask(reclaimed)),
      at(30, onTask(claimed(again))),
      at(30, onRun(opened({ attempt: 2, ttlMs, kind: 'external' }), otherRunId)),
    ];
    const [, , first, between, second] = segments([...begun, ...lines], 31);

    expect([first, between, second]).toMatchObject([
      { kind: 'running', runId, attempt: 1 },
      { kind: 'ready', runId: null, fromAtMs: 30_000, toAtMs: 30_000 },
      { kind: 'running', runId: otherRunId, attempt: 2 },
    ]);
  });
});

const edited = { type: 'TaskEdited', data: { changes: { title: 'Paint it' } } } as const;
const reclaimed = failed({ outcome: 'reclaimed', failures: 0 });

describe('any history', () => {
  test('tiles every life without gap or overlap, and ends where the board stands', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(), fc.nat(20 * minute), async (tell, laterMs) => {
        const events = await tell();
        const nowMs = Math.max(...events.map(({ meta }) => meta.at)) + laterMs;
        for (const { taskId: id, status } of tasksAt(events, nowMs)) {
          const life = segmentsOf({ taskId: id, events }, nowMs);
          expectTiles(life, events, nowMs);
          expect(asStatus(life.at(-1))).toBe(status);
        }
      }),
      { numRuns: 100, ...chosenSeed },
    );
  });
});

/** Every task as the tables have it. */
function tasksAt(events: readonly Recorded[], nowMs: number): readonly ListedTask[] {
  const db = new Database(':memory:');
  createTables(db, 'epoch-1');
  const tables = openTables(db);
  const from = { position: 0, epoch: 'epoch-1', hash: '' };
  tables.apply({ from, events, to: { ...from, position: events.at(-1)?.position ?? 0 } });
  const rows = tables.queries.tasks({ includeArchived: true }, {}, nowMs);
  db.close();
  return rows;
}

function expectTiles(life: readonly Segment[], events: readonly Recorded[], nowMs: number): void {
  const [first, last] = [life[0]!, life.at(-1)!];
  const born = events.find(({ position }) => position === first.fromPosition);
  expect(born).toMatchObject({ type: 'TaskCreated', stream: `task-${first.taskId}` });
  expect([first.fromAtMs, last.toAtMs]).toEqual([born?.meta.at, nowMs]);
  for (const [index, { fromAtMs, toAtMs, toPosition, isOpen }] of life.entries()) {
    expect(fromAtMs).toBeLessThanOrEqual(toAtMs);
    const next = life[index + 1];
    expect(isOpen).toBe(next === undefined);
    if (next !== undefined) {
      expect([next.fromAtMs, next.fromPosition]).toEqual([toAtMs, toPosition]);
      expect([next.kind, next.runId]).not.toEqual([life[index]?.kind, life[index]?.runId]);
    }
  }
}

function asStatus(segment: Segment | undefined): string | undefined {
  const isHeld = segment?.kind === 'launching' || segment?.kind === 'suspect';
  return isHeld ? 'running' : segment?.kind;
}
