/** Starting a task's turn now. */
import { describe, expect, it } from 'vitest';
import { openParents } from '../../../src/domain/readiness.ts';
import { created, laterMs, otherParentId, parentId, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const promote = (fields = {}) => ({
  type: 'PromoteTask' as const,
  forced: false,
  openParents: [],
  ...fields,
});
const promoted = (fields = {}) => ({
  type: 'TaskPromoted' as const,
  data: { forced: false, waivedParents: [], ...fields },
});

describe('promoting a task', () => {
  it('takes it out of triage as it is', () => {
    const after = given(...storyOf.triage)
      .when(promote({ reason: 'Clear enough.' }))
      .then(promoted({ reason: 'Clear enough.' }));
    expect(after?.standing).toEqual({ status: 'queued' });
  });

  it('lifts its hold', () => {
    const after = given(created({ notBeforeMs: laterMs }))
      .when(promote())
      .then(promoted());
    expect(after).toMatchObject({ notBeforeMs: null, hold: null });
  });

  it('has nothing to do when its turn has come', () => {
    given(...storyOf.queued)
      .when(promote())
      .thenNothing();
  });

  it('does not skip open parents by itself', () => {
    given(created({ parents: [parentId] }))
      .when(promote({ openParents: [parentId] }))
      .thenRefused('parents_open', { openParents: [parentId] });
  });

  it('skips open parents by force, and says which, so that the task really starts', () => {
    const after = given(created({ parents: [parentId, otherParentId] }))
      .when(promote({ forced: true, openParents: [parentId] }))
      .then(promoted({ forced: true, waivedParents: [parentId] }));
    expect(openParents(after!, () => undefined)).toEqual([otherParentId]);
  });

  it('keeps the parents that were skipped before', () => {
    given(
      created({ parents: [parentId, otherParentId] }),
      promoted({ forced: true, waivedParents: [parentId] }),
    )
      .when(promote({ forced: true, openParents: [otherParentId] }))
      .then(promoted({ forced: true, waivedParents: [parentId, otherParentId] }));
  });

  it.each(['blocked', 'halted', 'running', 'review', 'done', 'archived', 'tombstoned'] as const)(
    'is not the way out of %s, forced or not',
    (status) => {
      for (const forced of [false, true]) {
        given(...storyOf[status])
          .when(promote({ forced }))
          .thenRefused('wrong_status', { status });
      }
    },
  );
});
