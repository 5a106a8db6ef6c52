/** The count of failures in a row: who clears it, and who does not. */
import { describe, expect, it } from 'vitest';
import type { TaskEvent } from '../../../src/domain/task/events.ts';
import { claimed, created, failed, halted, runId, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const forgive = { type: 'ResetFailures', reason: 'The disk was full.' } as const;
const twoFailures = [created(), claimed(), failed({ failures: 2 })];

describe('failures in a row', () => {
  it('are forgiven by a person', () => {
    const after = given(...twoFailures)
      .when(forgive)
      .then({ type: 'FailuresReset', data: { reason: 'The disk was full.' } });
    expect(after).toMatchObject({ failures: 0, lastError: null });
  });

  it('that are not there need no forgiving', () => {
    given(...storyOf.queued)
      .when(forgive)
      .thenNothing();
  });

  it('forgiven, leave a halted task halted until it is resumed', () => {
    const after = given(...storyOf.halted)
      .when(forgive)
      .then({ type: 'FailuresReset', data: { reason: 'The disk was full.' } });
    expect(after).toMatchObject({ standing: { status: 'halted' }, failures: 0 });
  });

  const clearing: readonly (readonly [string, readonly TaskEvent[]])[] = [
    ['success', [...twoFailures, claimed(), { type: 'TaskCompleted', data: { runId } }]],
    [
      'work that goes to review',
      [...twoFailures, claimed(), { type: 'ReviewRequested', data: {} }],
    ],
    ['a person who resumes', [created(), claimed(), halted, { type: 'TaskResumed', data: {} }]],
    ['a person who forgives', [...twoFailures, { type: 'FailuresReset', data: {} }]],
  ];
  it.each(clearing)('are cleared by %s', (_, story) => {
    expect(given(...story).state?.failures).toBe(0);
  });

  const keeping: readonly (readonly [string, TaskEvent])[] = [
    ['a new assignee', { type: 'TaskAssigned', data: { assignee: 'painter' } }],
    ['an edit', { type: 'TaskEdited', data: { changes: { maxRetries: 9 } } }],
    ['a promotion', { type: 'TaskPromoted', data: { forced: true, waivedParents: [] } }],
    ['a block', { type: 'TaskBlocked', data: { cause: 'operator', reason: 'Wait.' } }],
    ['a new claim', claimed({ attempt: 2 })],
    ['the archive', { type: 'TaskArchived', data: {} }],
  ];
  it.each(keeping)('survive %s', (_, event) => {
    expect(given(...twoFailures, event).state?.failures).toBe(2);
  });
});
