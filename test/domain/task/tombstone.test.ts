/** Removing a task for good; its events stay. */
import { expect, it } from 'vitest';
import { archived, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const tombstone = { type: 'TombstoneTask', reason: 'A duplicate.' } as const;

it('an archived task can be removed for good, and remembers where it stood', () => {
  const after = given(...storyOf.done, archived)
    .when(tombstone)
    .then({ type: 'TaskTombstoned', data: { reason: 'A duplicate.' } });
  expect(after?.standing).toMatchObject({ status: 'tombstoned', before: { status: 'done' } });
});

it('a task removed twice is removed once', () => {
  given(...storyOf.tombstoned)
    .when(tombstone)
    .thenNothing();
});

it.each(['triage', 'queued', 'running', 'review', 'done', 'blocked', 'halted'] as const)(
  'a task in %s has to be archived first',
  (status) => {
    given(...storyOf[status])
      .when(tombstone)
      .thenRefused('wrong_status', { status });
  },
);
