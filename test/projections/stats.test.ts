/** The board in figures. */
import { expect, test } from 'vitest';
import { lineAtMs, onRun, onTask } from '../kit/a-history.ts';
import { opened } from '../kit/a-run.ts';
import { claimed, completed, created, laterMs } from '../kit/a-task.ts';
import { given, questionsAbout } from '../kit/projection-given.ts';

const id = (name: string) => `T-${name.padStart(10, '0')}`;

test('tasks are counted by assignee and status', () => {
  given(onTask(created({ assignee: 'painter' }), id('A')), onTask(created(), id('B')))
    .when(onTask(created({ assignee: 'painter' }), id('C')))
    .then({
      stats: [
        { assignee: '', status: 'ready', tasks: 1 },
        { assignee: 'painter', status: 'ready', tasks: 2 },
      ],
    });
});

test('a count that falls to nothing is gone', () => {
  given(onTask(created()))
    .when(onTask({ type: 'TaskAssigned', data: { assignee: 'painter' } }), onTask(claimed()))
    .then({ stats: [{ assignee: 'painter', status: 'running', tasks: 1 }] });
});

test('a scheduled task whose time has come counts as ready', () => {
  const queries = questionsAbout(onTask(created({ assignee: 'painter', notBeforeMs: laterMs })));
  expect(queries.stats(laterMs - 1)).toEqual({
    total: 1,
    byStatus: { scheduled: 1 },
    byAssignee: { painter: { scheduled: 1 } },
    oldestReadyAgeMs: null,
  });
  expect(queries.stats(laterMs + 5)).toEqual({
    total: 1,
    byStatus: { ready: 1 },
    byAssignee: { painter: { ready: 1 } },
    oldestReadyAgeMs: 5,
  });
});

test('the oldest ready task is as old as its readiness, not as its creation', () => {
  const unblocked = onTask({ type: 'TaskUnblocked', data: {} });
  const queries = questionsAbout(
    onTask(created({ initialBlock: 'Which colour?' })),
    onTask(created(), id('B')),
    unblocked,
    onTask(completed, id('B')),
  );
  expect(queries.stats(lineAtMs(5)).oldestReadyAgeMs).toBe(2_000);
});

test('every assignee is listed with its tasks and its open runs', () => {
  const queries = questionsAbout(
    onTask(created({ assignee: 'rigger' })),
    onTask(created({ assignee: 'painter' }), id('B')),
    onTask(created(), id('C')),
    onTask(claimed()),
    onRun(opened({ assignee: 'rigger' })),
  );
  expect(queries.assignees(0)).toEqual([
    { assignee: 'painter', byStatus: { ready: 1 }, running: 0 },
    { assignee: 'rigger', byStatus: { running: 1 }, running: 1 },
  ]);
});

test('an assignee called like a part of every object is nothing special', () => {
  const queries = questionsAbout(onTask(created({ assignee: 'constructor' })));
  expect(queries.stats(0).byAssignee).toEqual({ constructor: { ready: 1 } });
});
