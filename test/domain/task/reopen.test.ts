/** Finished work comes back. */
import { expect, it } from 'vitest';
import { storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const reopen = { type: 'ReopenTask', reason: 'It peels.' } as const;

it('a done task is reopened into the queue, with what it handed on', () => {
  const after = given(...storyOf.done)
    .when(reopen)
    .then({ type: 'TaskReopened', data: { reason: 'It peels.' } });
  expect(after).toMatchObject({
    standing: { status: 'queued' },
    handOff: { summary: 'Two coats.' },
    attempts: 1,
  });
});

it.each([
  'triage',
  'queued',
  'running',
  'review',
  'blocked',
  'halted',
  'archived',
  'tombstoned',
] as const)('a task in %s is not finished and cannot be reopened', (status) => {
  given(...storyOf[status])
    .when(reopen)
    .thenRefused('wrong_status', { status });
});
