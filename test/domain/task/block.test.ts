/** An operator stops a task until somebody has acted. */
import { describe, expect, it } from 'vitest';
import { otherRunId, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const block = {
  type: 'BlockTask',
  recordRunId: otherRunId,
  cause: 'capability',
  reason: 'No red paint on board.',
} as const;
const said = { cause: 'capability', reason: 'No red paint on board.' } as const;

describe('blocking a task', () => {
  it('keeps the reason, in a zero-length run as well', () => {
    const after = given(...storyOf.queued)
      .when(block)
      .then({ type: 'TaskBlocked', data: { runId: otherRunId, ...said } });
    expect(after).toMatchObject({ standing: { status: 'blocked', ...said }, attempts: 1 });
  });

  it('takes a running task from its run', () => {
    const after = given(...storyOf.running)
      .when(block)
      .then({ type: 'TaskBlocked', data: said });
    expect(after).toMatchObject({ standing: { status: 'blocked' }, attempts: 1 });
  });

  it.each(['review', 'done', 'blocked', 'halted', 'archived', 'tombstoned'] as const)(
    'is refused while the task is in %s: nothing waits there to be stopped',
    (status) => {
      given(...storyOf[status])
        .when(block)
        .thenRefused('wrong_status', { status });
    },
  );
});
