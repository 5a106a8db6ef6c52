/** Having a task forgotten: the tombstone says so, and says who asked, when and why. */
import { describe, expect, it } from 'vitest';
import { archived, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const forget = { type: 'ForgetTask', reason: 'Anna asked for it.' } as const;
const tombstone = {
  type: 'TaskTombstoned',
  data: { forgotten: { reason: 'Anna asked for it.' } },
} as const;

describe('a task that is to be forgotten', () => {
  it.each(['triage', 'queued', 'review', 'done', 'blocked', 'halted'] as const)(
    'goes at once from %s, and remembers where it stood',
    (status) => {
      const after = given(...storyOf[status])
        .when(forget)
        .then({ type: 'TaskArchived', data: {} }, tombstone);
      expect(after?.standing).toMatchObject({
        status: 'tombstoned',
        before: { status },
        forgotten: { by: expect.any(String), reason: 'Anna asked for it.' },
      });
    },
  );

  it('goes from the archive, and from where removed tasks are', () => {
    given(...storyOf.done, archived)
      .when(forget)
      .then(tombstone);
    const after = given(...storyOf.tombstoned)
      .when(forget)
      .then(tombstone);
    expect(after?.standing).toMatchObject({ before: { status: 'queued' } });
  });

  it('is forgotten once, however often one asks', () => {
    given(...storyOf.tombstoned, tombstone)
      .when(forget)
      .thenNothing();
  });

  it('waits for its run: a worker goes on writing', () => {
    given(...storyOf.running)
      .when(forget)
      .thenRefused('wrong_status', { status: 'running' });
  });
});
