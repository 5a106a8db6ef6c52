/** The tasks around a task, as its picture shows them. */
import { describe, expect, test } from 'vitest';
import { createBoardFold } from '../../../src/web/state/board-fold.ts';
import { neighbourhoodOf } from '../../../src/web/state/neighbourhood.ts';
import { onTask, recorded } from '../../kit/a-history.ts';
import { created } from '../../kit/a-task.ts';

const empty = {
  position: 0,
  board: { name: 'Here', epoch: 'epoch-1', createdAtMs: 0, isPaused: false, policy: null },
  tasks: [],
  runs: [],
  dispatchers: [],
};
const id = (name: string) => `T-${name.padStart(10, '0').toUpperCase()}`;

/** A board of tasks, each with the names of its parents. */
function boardOf(families: Readonly<Record<string, readonly string[]>>) {
  const fold = createBoardFold(empty);
  const lines = Object.entries(families).map(([name, parents]) =>
    onTask(created({ title: name, parents: parents.map(id) }), id(name)),
  );
  for (const event of recorded(lines)) fold.fold(event);
  return fold;
}

/** A line of so many tasks, each waiting for the one before it. */
function chain(length: number) {
  const names = Array.from({ length }, (_, index) => `link${index}`);
  return boardOf(
    Object.fromEntries(names.map((name, at) => [name, at === 0 ? [] : [names[at - 1]!]])),
  );
}

describe('the neighbourhood of a task', () => {
  test('is what it waits for and what waits for it, with the links among them', () => {
    const fold = boardOf({ oak: [], plan: [], keel: ['oak', 'plan'], hull: ['keel', 'oak'] });

    const { tasks, links } = neighbourhoodOf(fold, id('keel'), 0);

    expect(tasks.map(({ seen, step }) => [seen?.title, step, seen?.status])).toEqual([
      ['keel', 0, 'waiting'],
      ['oak', -1, 'ready'],
      ['plan', -1, 'ready'],
      ['hull', 1, 'waiting'],
    ]);
    expect(links).toHaveLength(4);
    expect(links).toContainEqual({ parentId: id('oak'), childId: id('hull') });
  });

  test('leaves out what only shares a parent with it', () => {
    const fold = boardOf({ oak: [], keel: ['oak'], mast: ['oak'] });
    expect(neighbourhoodOf(fold, id('keel'), 0).tasks.map(({ seen }) => seen?.title)).toEqual([
      'keel',
      'oak',
    ]);
  });

  test('reaches some steps, and counts what is further away', () => {
    const { tasks, before, after } = neighbourhoodOf(chain(12), id('link5'), 0);
    expect(tasks.map(({ step }) => step).sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect({ before, after }).toEqual({ before: 3, after: 4 });
  });

  test('of a task with very many children is cut, the nearest first', () => {
    const children = Array.from({ length: 90 }, (_, index) => [`c${index}`, ['oak']] as const);
    const grandchild = ['leaf', ['c0']] as const;
    const fold = boardOf(Object.fromEntries([['oak', []], ...children, grandchild]));

    const { tasks, after } = neighbourhoodOf(fold, id('oak'), 0);

    expect(tasks).toHaveLength(60);
    expect(tasks.every(({ step }) => step <= 1)).toBe(true);
    expect(after).toBe(90 + 1 - 59);
  });

  test('tells of a parent that the board at hand does not have', () => {
    const whole = boardOf({ gone: [], keel: ['gone'] }).snapshot();
    const kept = whole.tasks.filter(({ taskId }) => taskId !== id('gone'));
    const fold = createBoardFold({ ...whole, tasks: kept });
    const { tasks, links } = neighbourhoodOf(fold, id('keel'), 0);
    expect(tasks[1]).toEqual({ taskId: id('gone'), step: -1, seen: null });
    expect(links).toHaveLength(1);
  });

  test('of a task that nothing is linked to is the task alone', () => {
    const { tasks, links } = neighbourhoodOf(boardOf({ oak: [] }), id('oak'), 0);
    expect([tasks.length, links.length]).toEqual([1, 0]);
  });
});
