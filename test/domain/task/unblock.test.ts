/** The ways out of a block, a halt and a hold. */
import { describe, expect, it } from 'vitest';
import { blocked, created, laterMs, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const unblock = { type: 'UnblockTask', reason: 'Red it is.' } as const;
const said = { reason: 'Red it is.' };

describe('unblocking', () => {
  it('puts a blocked task back into the queue', () => {
    const after = given(...storyOf.blocked)
      .when(unblock)
      .then({ type: 'TaskUnblocked', data: said });
    expect(after?.standing).toEqual({ status: 'queued' });
  });

  it.each([
    ['later', [created({ triage: true }), blocked]],
    ['from the first moment on', [created({ triage: true, initialBlock: 'Wait for paint.' })]],
  ])('puts a task that was never specified back into triage: blocked %s', (_when, story) => {
    const after = given(...story)
      .when(unblock)
      .then({ type: 'TaskUnblocked', data: said });
    expect(after?.standing).toEqual({ status: 'triage' });
  });

  it('forgives no failures of a blocked task', () => {
    const after = given(...storyOf.halted, blocked)
      .when(unblock)
      .then({ type: 'TaskUnblocked', data: said });
    expect(after?.failures).toBe(2);
  });

  it('resumes a halted task with a clean slate: a person has looked', () => {
    const after = given(...storyOf.halted)
      .when(unblock)
      .then({ type: 'TaskResumed', data: said });
    expect(after).toMatchObject({ standing: { status: 'queued' }, failures: 0, lastError: null });
  });

  it('lifts the schedule of a task that is held', () => {
    const after = given(created({ notBeforeMs: laterMs }))
      .when(unblock)
      .then({ type: 'TaskScheduled', data: { notBeforeMs: null, ...said } });
    expect(after?.notBeforeMs).toBeNull();
  });

  it('lifts the block and the schedule of a task at once, so that a repeat lifts no more', () => {
    const after = given(created({ notBeforeMs: laterMs }), blocked)
      .when(unblock)
      .then({ type: 'TaskUnblocked', data: said });
    expect(after).toMatchObject({ notBeforeMs: null, hold: null, standing: { status: 'queued' } });
  });

  it.each(['triage', 'queued', 'running', 'review', 'done', 'archived', 'tombstoned'] as const)(
    'finds nothing to lift from a task in %s',
    (status) => {
      given(...storyOf[status])
        .when(unblock)
        .thenRefused('wrong_status', { status });
    },
  );
});
