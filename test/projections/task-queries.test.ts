/** Lists of tasks: which, in what order, and the queue that work is taken from. */
import { describe, expect, test } from 'vitest';
import type { ListedTask } from '../../projections/index.ts';
import { placeOf, type TaskSort, taskSorts } from '../../projections/tasks/queries.ts';
import { type Line, onTask } from '../kit/a-history.ts';
import { archived, blocked, claimed, created, laterMs, tombstoned } from '../kit/a-task.ts';
import { storyAtMs } from '../kit/given.ts';
import { questionsAbout } from '../kit/projection-given.ts';

const id = (name: string) => `T-${name.padStart(10, '0')}`;
const names = (rows: readonly ListedTask[]) =>
  rows.map(({ taskId }) => taskId.replace(/^T-0*/, ''));
const task = (name: string, fields: Parameters<typeof created>[0] = {}) =>
  onTask(created({ title: `Task ${name}`, ...fields }), id(name));

describe('the queue', () => {
  const fleet: readonly Line[] = [
    task('A', { assignee: 'painter' }),
    task('B', { assignee: 'painter', priority: 5 }),
    task('C', { priority: 5 }),
    task('D', { assignee: 'rigger', notBeforeMs: laterMs, priority: 9 }),
    task('E', { assignee: 'rigger' }),
    task('F', { parents: [id('A')] }),
  ];
  const queries = questionsAbout(...fleet);

  test('puts priority before age', () => {
    expect(names(queries.ready(storyAtMs, { limit: 10 }))).toEqual(['B', 'C', 'A', 'E']);
  });

  test('lets a scheduled task in when its time has come', () => {
    const queue = queries.ready(laterMs, { limit: 2 });
    expect(names(queue)).toEqual(['D', 'B']);
    expect(queue[0]?.status).toBe('ready');
  });

  test('can be asked for the tasks of some assignees, or of nobody', () => {
    const of = (...assignees: (string | null)[]) =>
      names(queries.ready(laterMs, { limit: 10, assignees }));
    expect(of('painter')).toEqual(['B', 'A']);
    expect(of('rigger', 'painter')).toEqual(['D', 'B', 'A', 'E']);
    expect(of(null)).toEqual(['C']);
    expect(of()).toEqual([]);
  });

  test('keeps its order when it is cut', () => {
    expect(names(queries.ready(laterMs, { limit: 3 }))).toEqual(['D', 'B', 'C']);
    expect(names(queries.ready(storyAtMs, { limit: 1 }))).toEqual(['B']);
    const two = queries.ready(laterMs, { limit: 2, assignees: ['rigger', 'painter'] });
    expect(names(two)).toEqual(['D', 'B']);
  });

  test('says when the next scheduled task is due', () => {
    expect(queries.nextDueAtMs(storyAtMs)).toBe(laterMs);
    expect(queries.nextDueAtMs(laterMs)).toBeUndefined();
  });
});

describe('a list', () => {
  const queries = questionsAbout(
    task('A', { title: 'caulk', assignee: 'rigger', tenant: 'north', priority: 1 }),
    task('B', { title: 'anchor', assignee: 'painter', workflowTemplateId: 'refit' }),
    task('C', { title: 'bilge', priority: 2, stepKey: 'dry', createdBy: 'bo' }),
    task('D', { notBeforeMs: laterMs }),
    onTask(claimed(), id('A')),
    onTask(blocked, id('B')),
    task('X'),
    onTask(archived, id('X')),
    task('Y'),
    onTask(tombstoned, id('Y')),
  );
  const list = (filter: Parameters<typeof queries.tasks>[0], nowMs = storyAtMs) =>
    names(queries.tasks(filter, {}, nowMs));

  test('leaves out what is archived unless it is asked for', () => {
    expect(list({})).toEqual(['A', 'B', 'C', 'D']);
    expect(list({ includeArchived: true })).toEqual(['A', 'B', 'C', 'D', 'X', 'Y']);
    expect(list({ status: ['archived'] })).toEqual(['X']);
    expect(list({ ids: [id('X'), id('C'), id('Z')] })).toEqual(['C', 'X']);
  });

  test.each([
    [{ assignee: 'rigger' }, ['A']],
    [{ assignee: null }, ['C', 'D']],
    [{ tenant: 'north' }, ['A']],
    [{ workflowTemplateId: 'refit' }, ['B']],
    [{ stepKey: 'dry' }, ['C']],
    [{ createdBy: 'bo' }, ['C']],
    [{ createdBy: 'ada', tenant: 'south' }, []],
    [{ status: ['running', 'blocked'] as const }, ['A', 'B']],
    [{ status: ['ready'] as const }, ['C']],
    [{ status: ['scheduled'] as const }, ['D']],
    [{ status: [] }, []],
  ])('can be asked for %j', (filter, expected) => {
    expect(list(filter)).toEqual(expected);
    expect(queries.countTasks(filter, storyAtMs)).toBe(expected.length);
  });

  test('counts a scheduled task whose time has come among the ready', () => {
    expect(list({ status: ['ready'] }, laterMs)).toEqual(['C', 'D']);
    expect(list({ status: ['scheduled'] }, laterMs)).toEqual([]);
  });

  const sorted: Readonly<Record<TaskSort, string[]>> = {
    created: ['A', 'B', 'C', 'D'],
    'created-desc': ['D', 'C', 'B', 'A'],
    priority: ['B', 'D', 'A', 'C'],
    'priority-desc': ['C', 'A', 'B', 'D'],
    status: ['B', 'C', 'A', 'D'],
    assignee: ['B', 'A', 'C', 'D'],
    title: ['D', 'B', 'C', 'A'],
    updated: ['B', 'A', 'D', 'C'],
  };

  test.each(taskSorts)('can be sorted by %s', (sort) => {
    expect(names(queries.tasks({}, { sort }, storyAtMs))).toEqual(sorted[sort]);
  });

  test.each(taskSorts)('sorted by %s goes on where a page of it ended', (sort) => {
    const found: ListedTask[] = [];
    for (;;) {
      const last = found.at(-1);
      const page = {
        sort,
        limit: 1,
        ...(last === undefined ? {} : { after: placeOf(last, sort) }),
      };
      const [next] = queries.tasks({}, page, laterMs);
      if (next === undefined) break;
      found.push(next);
    }

    expect(names(found)).toEqual(names(queries.tasks({}, { sort }, laterMs)));
  });

  test('can be read in parts', () => {
    expect(names(queries.tasks({}, { limit: 2, offset: 1 }, storyAtMs))).toEqual(['B', 'C']);
  });
});
