/** Who should do a task, and how urgent it is. */
import { describe, expect, it } from 'vitest';
import { created, runId, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

describe('assigning a task', () => {
  it('names who should do it', () => {
    const after = given(...storyOf.queued)
      .when({ type: 'AssignTask', assignee: 'painter', reason: 'She has the brush.' })
      .then({
        type: 'TaskAssigned',
        data: { assignee: 'painter', reason: 'She has the brush.' },
      });
    expect(after?.assignee).toBe('painter');
  });

  it('has nothing to do when it is theirs already', () => {
    given(created({ assignee: 'painter' }))
      .when({ type: 'AssignTask', assignee: 'painter' })
      .thenNothing();
  });

  it('can be taken back', () => {
    given(created({ assignee: 'painter' }))
      .when({ type: 'AssignTask', assignee: null })
      .then({ type: 'TaskAssigned', data: { assignee: null } });
  });

  it('is refused while a run holds the task', () => {
    given(...storyOf.running)
      .when({ type: 'AssignTask', assignee: 'painter' })
      .thenRefused('already_claimed', { runId, claimedBy: 'dispatcher', attempt: 1 });
  });

  it('forgives no failures: that is for people to say', () => {
    const after = given(...storyOf.halted)
      .when({ type: 'AssignTask', assignee: 'painter' })
      .then({ type: 'TaskAssigned', data: { assignee: 'painter' } });
    expect(after).toMatchObject({ failures: 2, standing: { status: 'halted' } });
  });
});

describe('the priority of a task', () => {
  it('can change, even while a run is open', () => {
    const after = given(...storyOf.running)
      .when({ type: 'ReprioritizeTask', priority: 7 })
      .then({ type: 'TaskReprioritized', data: { priority: 7 } });
    expect(after?.priority).toBe(7);
  });

  it('that it has already needs no event', () => {
    given(...storyOf.queued)
      .when({ type: 'ReprioritizeTask', priority: 0 })
      .thenNothing();
  });
});
