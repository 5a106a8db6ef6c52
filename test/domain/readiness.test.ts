/** When a task may be worked on: the one predicate for parents, the schedule, and circles. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closesCycle, openParents, satisfies, statusOf } from '../../src/domain/readiness.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import type { Standing, Task } from '../../src/domain/task/state.ts';
import {
  archived,
  created,
  laterMs,
  otherParentId,
  parentId,
  storyOf,
  tombstoned,
} from '../kit/a-task.ts';
import { givenTask } from '../kit/given.ts';

const standingOf = (...story: readonly TaskEvent[]): Standing =>
  givenTask(...story).state!.standing;

describe('a parent', () => {
  /** Every way a parent can stand, and whether its children may start. */
  const table: readonly (readonly [string, Standing | undefined, boolean])[] = [
    ['done', standingOf(...storyOf.done), true],
    ['archived after it was done', standingOf(...storyOf.done, archived), true],
    ['removed after it was done', standingOf(...storyOf.done, archived, tombstoned), true],
    ['missing', undefined, false],
    ['in triage', standingOf(...storyOf.triage), false],
    ['queued', standingOf(...storyOf.queued), false],
    ['running', standingOf(...storyOf.running), false],
    ['in review', standingOf(...storyOf.review), false],
    ['blocked', standingOf(...storyOf.blocked), false],
    ['halted', standingOf(...storyOf.halted), false],
    ['archived while queued', standingOf(...storyOf.queued, archived), false],
    ['archived while running', standingOf(...storyOf.running, archived), false],
    ['archived while in review', standingOf(...storyOf.review, archived), false],
    ['removed while queued', standingOf(...storyOf.tombstoned), false],
    ['reopened', standingOf(...storyOf.done, { type: 'TaskReopened', data: {} }), false],
  ];

  it.each(table)('that is %s', (_, standing, expected) => {
    expect(satisfies(standing)).toBe(expected);
  });

  it('that was waived is not waited for', () => {
    const task = { parents: [parentId, otherParentId], waivedParents: [parentId] };
    expect(openParents(task, () => undefined)).toEqual([otherParentId]);
    expect(openParents(task, () => standingOf(...storyOf.done))).toEqual([]);
  });
});

describe('the status people see', () => {
  const queued = givenTask(created({ notBeforeMs: laterMs })).state as Task;

  it('of a queued task is waiting, scheduled or ready, in this order', () => {
    expect(statusOf(queued, { openParents: 1, nowMs: laterMs })).toBe('waiting');
    expect(statusOf(queued, { openParents: 0, nowMs: laterMs - 1 })).toBe('scheduled');
    expect(statusOf(queued, { openParents: 0, nowMs: laterMs })).toBe('ready');
  });

  it.each(Object.entries(storyOf).filter(([status]) => status !== 'queued'))(
    'of a task in %s depends on nothing else',
    (status, story) => {
      const task = givenTask(...story).state as Task;
      expect(statusOf(task, { openParents: 3, nowMs: 0 })).toBe(status);
    },
  );
});

describe('a circle', () => {
  const parentsIn = (graph: Readonly<Record<string, readonly string[]>>) => (id: string) =>
    graph[id] ?? [];

  it('is closed by the child itself, or by anybody above the parent', () => {
    const graph = parentsIn({ c: ['b'], b: ['a'], x: ['b'] });
    expect(closesCycle({ childId: 'a', parentId: 'a' }, graph)).toBe(true);
    expect(closesCycle({ childId: 'a', parentId: 'b' }, graph)).toBe(true);
    expect(closesCycle({ childId: 'a', parentId: 'c' }, graph)).toBe(true);
  });

  it('is not closed by a second way to the same parent', () => {
    const graph = parentsIn({ c: ['b'], b: ['a'] });
    expect(closesCycle({ childId: 'c', parentId: 'a' }, graph)).toBe(false);
  });

  it('that exists already is walked once, not for ever', () => {
    const graph = parentsIn({ a: ['b'], b: ['a'] });
    expect(closesCycle({ childId: 'c', parentId: 'a' }, graph)).toBe(false);
  });

  it('never comes about while every link is asked first', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id)), (links) => {
        const graph: Record<string, string[]> = {};
        for (const [childId, parent] of links) {
          if (closesCycle({ childId, parentId: parent }, parentsIn(graph))) continue;
          graph[childId] = [...(graph[childId] ?? []), parent];
        }
        expect(hasOrder(graph)).toBe(true);
      }),
    );
  });

  /** Whether the tasks can be put in an order in which every parent comes first. */
  function hasOrder(graph: Readonly<Record<string, readonly string[]>>): boolean {
    const left = new Set(Object.keys(graph));
    for (let before = -1; before !== left.size; ) {
      before = left.size;
      for (const one of left) if (!graph[one]!.some((above) => left.has(above))) left.delete(one);
    }
    return left.size === 0;
  }
});
