/** Earliest starts: set, moved, lifted. */
import { describe, expect, it } from 'vitest';
import { created, failed, laterMs, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const schedule = (notBeforeMs: number | null, reason?: string) => ({
  type: 'ScheduleTask' as const,
  notBeforeMs,
  reason,
});

describe('scheduling a task', () => {
  it('holds it back until then', () => {
    const after = given(...storyOf.queued)
      .when(schedule(laterMs, 'After the rain.'))
      .then({
        type: 'TaskScheduled',
        data: { notBeforeMs: laterMs, reason: 'After the rain.' },
      });
    expect(after).toMatchObject({ notBeforeMs: laterMs, hold: 'schedule' });
  });

  it('for the time it has already is nothing new', () => {
    given(created({ notBeforeMs: laterMs }))
      .when(schedule(laterMs))
      .thenNothing();
  });

  it('takes it from its run: whoever schedules it ends the run in the same append', () => {
    const after = given(...storyOf.running)
      .when(schedule(laterMs))
      .then({ type: 'TaskScheduled', data: { notBeforeMs: laterMs } });
    expect(after?.standing).toEqual({ status: 'queued' });
  });

  it('replaces a backoff by what a person says', () => {
    const after = given(created(), failed({ notBeforeMs: laterMs, hold: 'backoff' }))
      .when(schedule(laterMs + 1))
      .then({ type: 'TaskScheduled', data: { notBeforeMs: laterMs + 1 } });
    expect(after?.hold).toBe('schedule');
  });

  it('leaves a task in triage where it is', () => {
    const after = given(...storyOf.triage)
      .when(schedule(laterMs))
      .then({ type: 'TaskScheduled', data: { notBeforeMs: laterMs } });
    expect(after?.standing).toEqual({ status: 'triage' });
  });
});

describe('lifting a schedule', () => {
  it('lets the task start at once', () => {
    const after = given(created({ notBeforeMs: laterMs }))
      .when(schedule(null))
      .then({ type: 'TaskScheduled', data: { notBeforeMs: null } });
    expect(after).toMatchObject({ notBeforeMs: null, hold: null });
  });

  it('that is not there changes nothing, least of all a run in progress', () => {
    given(...storyOf.queued)
      .when(schedule(null))
      .thenNothing();
    given(...storyOf.running)
      .when(schedule(null))
      .thenNothing();
  });
});
