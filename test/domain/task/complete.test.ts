/** An operator declares a task done. */
import { describe, expect, it } from 'vitest';
import { completed, created, otherRunId, parentId, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const complete = (fields = {}) => ({
  type: 'CompleteTask' as const,
  handOff: { summary: 'Painted by hand.' },
  recordRunId: otherRunId,
  openParents: [],
  ...fields,
});

describe('completing a task by hand', () => {
  it.each(['queued', 'blocked', 'halted'] as const)(
    'is possible while it is %s; a zero-length run keeps the hand-off',
    (status) => {
      const before = given(...storyOf[status]);
      const after = before.when(complete()).then({
        type: 'TaskCompleted',
        data: { summary: 'Painted by hand.', runId: otherRunId },
      });
      expect(after).toMatchObject({
        standing: { status: 'done' },
        attempts: (before.state?.attempts ?? 0) + 1,
        failures: 0,
        lastError: null,
      });
    },
  );

  it('takes a running task from its run, and leaves no second run behind', () => {
    const after = given(...storyOf.running)
      .when(complete())
      .then({ type: 'TaskCompleted', data: { summary: 'Painted by hand.' } });
    expect(after).toMatchObject({ standing: { status: 'done' }, attempts: 1 });
  });

  it('lifts whatever held the task', () => {
    const after = given(created({ notBeforeMs: 8 }))
      .when(complete({ handOff: {}, recordRunId: undefined }))
      .then({ type: 'TaskCompleted', data: {} });
    expect(after).toMatchObject({ notBeforeMs: null, hold: null, handOff: null });
  });

  it('waits for the parents like everybody else', () => {
    given(created({ parents: [parentId] }))
      .when(complete({ openParents: [parentId] }))
      .thenRefused('parents_open', { openParents: [parentId] });
  });

  it('happens once', () => {
    given(created(), completed).when(complete()).thenRefused('already_done');
  });

  it.each(['triage', 'review', 'archived', 'tombstoned'] as const)(
    'is not the way out of %s',
    (status) => {
      given(...storyOf[status])
        .when(complete())
        .thenRefused('wrong_status', { status });
    },
  );
});
