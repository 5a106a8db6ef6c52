/** What people said about a task by what they did to it. */
import { expect, test } from 'vitest';
import type { BoardDomainEvent, Recorded } from '../../../src/domain/catalogue.ts';
import { forgottenText } from '../../../src/domain/personal.ts';
import { wordsIn } from '../../../src/domain/task/words.ts';

/** The acts and reasons in these events, which ada brought about. */
function said(...events: readonly BoardDomainEvent[]) {
  const meta = { actor: { kind: 'human', id: 'ada' } };
  const recorded = events.map((event, index) => ({ ...event, meta, position: index + 1 }));
  const words = wordsIn(recorded as unknown as readonly Recorded[]);
  return words.map(({ act, reason }) => [act, reason]);
}

test('whoever lifts a block, a halt or a hold has unblocked the task', () => {
  const lifted = said(
    { type: 'TaskUnblocked', data: { reason: 'Use account B.' } },
    { type: 'TaskResumed', data: { reason: 'Try again.' } },
    { type: 'TaskScheduled', data: { notBeforeMs: 5, reason: 'On Monday.' } },
    { type: 'TaskScheduled', data: { notBeforeMs: null, reason: 'Now.' } },
  );
  expect(lifted).toEqual([
    ['unblocked', 'Use account B.'],
    ['unblocked', 'Try again.'],
    ['unblocked', 'Now.'],
  ]);
});

test('a task that was blocked from its beginning has its reason', () => {
  const created = { title: 'Paint', initialBlock: 'No paint yet.', createdBy: 'ada' };
  expect(said({ type: 'TaskCreated', data: created })).toEqual([['blocked', 'No paint yet.']]);
});

test('of a reason that was forgotten nothing is told', () => {
  const rejection = { type: 'ReviewRejected', data: { reason: forgottenText } } as const;
  expect(said(rejection)).toEqual([['rejected', null]]);
});
