/** Lives in the page: what makes them old news, and what figures come of them. */
import { describe, expect, test } from 'vitest';
import type { Recorded } from '../../../src/domain/catalogue.ts';
import type { Bar, Life, Sign } from '../../../src/gantt/rows.mjs';
import { taskRows } from '../../../src/gantt/rows.mjs';
import { type BoardFold, createBoardFold } from '../../../src/web/state/board-fold.ts';
import { groupedRows, idsWanted, lifeMatcher } from '../../../src/web/state/chosen-lives.ts';
import { noFilter } from '../../../src/web/state/filter.ts';
import { changedBy, changedByClock, livesUpTo, wholeOf } from '../../../src/web/state/lives.ts';
import { plotSeries } from '../../../src/web/state/plot-series.ts';
import { rangeFacts } from '../../../src/web/state/range-facts.ts';
import { onRun, onTask, recorded } from '../../kit/a-history.ts';
import { opened } from '../../kit/a-run.ts';
import { claimed, created, parentId, runId, taskId } from '../../kit/a-task.ts';

/** A stretch; a run holds the task where its kind says so. */
function bar(kind: string, fromAtMs: number, toAtMs: number, isOpen = false): Bar {
  const isHeld = ['launching', 'running', 'suspect'].includes(kind);
  const place = { fromPosition: null, toPosition: null, host: null, attempt: null };
  const whose = { taskId, assignee: null, runId: isHeld ? runId : null };
  return { kind, fromAtMs, toAtMs, isOpen, why: '', ...place, ...whose };
}

function life(all: readonly Bar[], signs: readonly Sign[] = []): Life {
  return { taskId, title: 'Paint', bars: all, signs };
}

function sign(kind: string, atMs: number): Sign {
  return { kind, atMs, what: '', position: 1, taskId, runId, by: '' };
}

const worked = [bar('ready', 0, 10), bar('running', 10, 30), bar('done', 30, 100, true)];

const ended = { heartbeats: { count: 0, maxGapMs: 0 }, review: false };

describe('a life', () => {
  test('goes on to now while it is open, and never past it', () => {
    const [grown] = livesUpTo([life(worked)], 250);
    expect(grown?.bars.at(-1)?.toAtMs).toBe(250);
    expect(grown?.bars[1]).toEqual(worked[1]);
    expect(livesUpTo([life(worked)], 7)[0]?.bars.at(-1)?.toAtMs).toBe(30);
  });

  const board = folded(onTask(created(), parentId), onTask(created({ parents: [parentId] })));
  const running = [life([bar('running', 10, 30, true)])];

  test.each<[string, Recorded, readonly string[] | undefined]>([
    ['an event of its own', event(onTask(claimed())), [taskId]],
    [
      'an event of its parent',
      event(onTask({ type: 'TaskCompleted', data: {} }, parentId)),
      [parentId, taskId],
    ],
    ['a beat while it runs', event(onRun(beat())), []],
    ['the end of its run', event(onRun({ type: 'RunCompleted', data: ended })), [taskId]],
  ])('is read again, or not, after %s', (_, happened, expected) => {
    expect(changedBy(happened, running, board)).toEqual(expected);
  });

  test('is read again after a beat that ends a silence', () => {
    const silent = [life([bar('suspect', 10, 30, true)])];
    expect(changedBy(event(onRun(beat())), silent, board)).toEqual([taskId]);
  });

  test('is read again when its lease is over', () => {
    const held = folded(onTask(created()), onTask(claimed()), onRun(opened()));
    const run = held.runs.get(runId);
    const overAtMs = (run?.run.openedAtMs ?? 0) + (run?.leaseTtlMs ?? 0);
    expect(changedByClock(running, held, overAtMs - 1)).toEqual([]);
    expect(changedByClock(running, held, overAtMs)).toEqual([taskId]);
  });
});

describe('figures', () => {
  const lives = [
    life(worked, [sign('reclaim', 20), sign('refusal', 90)]),
    life([bar('ready', 0, 30), bar('running', 30, 90), bar('done', 90, 100, true)]),
  ];

  test('of a range count what was within it', () => {
    const facts = rangeFacts(lives, { fromAtMs: 0, toAtMs: 40 });
    expect(facts).toMatchObject({
      mostRuns: 1,
      done: 1,
      claimMs: { p50: 10, p95: 30 },
      cycleMs: { p50: 20, p95: 20 },
    });
    expect([...facts.marks]).toEqual([['reclaim', 1]]);
    expect(facts.spentMs.get('running')).toBe(30);
    expect(facts.spentMs.get('ready')).toBe(40);
  });

  test('of a plot stand in their slices', () => {
    const caps = [
      { atMs: 10, dispatcherId: 'd', maxRunning: 3 },
      { atMs: 80, dispatcherId: 'd', maxRunning: 0 },
    ];
    const series = plotSeries({ lives, caps }, { fromAtMs: 0, toAtMs: 100 }, 5);
    expect(series).toMatchObject({
      done: [0, 1, 0, 0, 1],
      ready: [2, 1, 0, 0, 0],
      running: [1, 1, 1, 1, 1],
      cap: [3, 3, 3, 3, 0],
      reclaims: [0, 1, 0, 0, 0],
      refusals: [0, 0, 0, 0, 1],
      claim: { p50: [0.01, 0.03, null, null, null] },
      cycle: { p95: [null, 0.02, null, null, 0.06] },
    });
  });
});

function beat() {
  return { type: 'HeartbeatRecorded', data: {} } as Parameters<typeof onRun>[0];
}

function event(line: Parameters<typeof recorded>[0][number]): Recorded {
  const [one] = recorded([line]);
  if (one === undefined) throw new Error('nothing was recorded');
  return one;
}

/** A board on which these things happened. */
function folded(...lines: Parameters<typeof recorded>[0]): BoardFold {
  const board = { name: 'b', epoch: 'e', createdAtMs: 0, isPaused: false, policy: null };
  const fold = createBoardFold({ position: 0, board, tasks: [], runs: [], dispatchers: [] });
  for (const each of recorded([...lines])) fold.fold(each);
  return fold;
}

describe('the lives that are shown', () => {
  const [hull, mast, flag] = ['T-0000000001', 'T-0000000002', 'T-0000000003'];
  const fold = folded(
    onTask(created({ title: 'Hull', assignee: 'paint', tenant: 'acme' }), hull),
    onTask(created({ title: 'Mast', tenant: 'acme', priority: 10 }), mast),
    onTask(created({ title: 'Flag', assignee: 'sew', priority: 2 }), flag),
  );
  const lives = [hull, mast, flag, 'T-000000000A'].map((id): Life => {
    return { taskId: id, title: id, bars: [{ ...bar('ready', 0, 10), taskId: id }], signs: [] };
  });
  const shown = (filter: Partial<typeof noFilter>) =>
    lives.filter(lifeMatcher({ ...noFilter, ...filter }, fold)).map(({ taskId: id }) => id);

  test('are those of the tenant and of who has, or had, the task', () => {
    expect(shown({})).toHaveLength(4);
    expect(shown({ tenant: 'acme' })).toEqual([hull, mast]);
    expect(shown({ tenant: '-' })).toEqual([flag]);
    expect(shown({ assignee: 'paint' })).toEqual([hull]);
    const had = lives.map((each) => ({ ...each, bars: [{ ...worked[1]!, assignee: 'old' }] }));
    expect(had.filter(lifeMatcher({ ...noFilter, assignee: 'old' }, fold))).toHaveLength(4);
  });

  test('are asked for by their ids while a filter is set', () => {
    const at = { most: 10, nowMs: 0 };
    expect(idsWanted(noFilter, fold, at)).toBeUndefined();
    expect(idsWanted({ ...noFilter, tenant: 'acme' }, fold, at)).toEqual([mast, hull]);
    expect(idsWanted({ ...noFilter, tenant: 'acme' }, fold, { ...at, most: 1 })).toEqual([mast]);
    expect(idsWanted({ ...noFilter, words: 'nowhere' }, fold, at)).toBeUndefined();
  });

  test.each([
    ['tenant', ['acme', hull, mast, 'archived', 'T-000000000A', 'no tenant', flag]],
    ['priority', ['archived', 'T-000000000A', 'priority 0', hull, 'priority 2', flag]],
    ['none', [hull, mast, flag, 'T-000000000A']],
  ] as const)('stand under the headings of their %s', (grouping, labels) => {
    const rows = groupedRows(lives, { grouping, tasks: fold.tasks }, taskRows);
    expect(rows.map(({ label }) => label).slice(0, labels.length)).toEqual(labels);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
    const headings = rows.filter(({ isHeading }) => isHeading);
    expect(headings.every(({ bars }) => bars.length === 0)).toBe(true);
  });

  test('have no heading over a group of which nothing is shown', () => {
    const rows = groupedRows(lives, { grouping: 'tenant', tasks: fold.tasks }, (group) =>
      taskRows(group).filter(({ key }) => key === flag),
    );
    expect(rows.map(({ label }) => label)).toEqual(['no tenant', flag]);
  });

  test('reach from the first thing to the last, or to now while somebody is at work', () => {
    expect(wholeOf([life(worked)], 500)).toEqual({ fromAtMs: 0, toAtMs: 30.9 });
    expect(wholeOf([life(worked, [sign('human', 130)])], 131)).toEqual({
      fromAtMs: 0,
      toAtMs: 131,
    });
    expect(wholeOf([life([bar('running', 10, 30, true)])], 500).toAtMs).toBe(500);
    expect(wholeOf([], 500)).toEqual({ fromAtMs: 500, toAtMs: 501 });
  });
});
