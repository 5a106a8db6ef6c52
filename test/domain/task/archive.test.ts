/** Putting a task away, and bringing it back. */
import { describe, expect, it } from 'vitest';
import { storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const archive = { type: 'ArchiveTask', reason: 'Season is over.' } as const;
const restore = { type: 'RestoreTask' } as const;

const resting = ['triage', 'queued', 'review', 'done', 'blocked', 'halted'] as const;

describe('archiving a task', () => {
  it.each(resting)('from %s is undone by restoring it', (status) => {
    const before = given(...storyOf[status]).state?.standing;
    const away = given(...storyOf[status])
      .when(archive)
      .then({ type: 'TaskArchived', data: { reason: 'Season is over.' } });
    expect(away?.standing).toEqual({ status: 'archived', before });

    const back = given(...storyOf[status], { type: 'TaskArchived', data: {} })
      .when(restore)
      .then({ type: 'TaskRestored', data: {} });
    expect(back?.standing).toEqual(before);
  });

  it('takes a running task from its run; restored, it queues again', () => {
    const away = given(...storyOf.running)
      .when(archive)
      .then({ type: 'TaskArchived', data: { reason: 'Season is over.' } });
    expect(away?.standing).toEqual({ status: 'archived', before: { status: 'queued' } });
  });

  it('twice is once', () => {
    given(...storyOf.archived)
      .when(archive)
      .thenNothing();
    given(...storyOf.tombstoned)
      .when(archive)
      .thenNothing();
  });
});

it.each([...resting, 'running', 'tombstoned'] as const)(
  'a task in %s is not in the archive to be restored from it',
  (status) => {
    given(...storyOf[status])
      .when(restore)
      .thenRefused('wrong_status', { status });
  },
);
