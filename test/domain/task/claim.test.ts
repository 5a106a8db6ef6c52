/** Claiming a task, and keeping its lease. */
import { describe, expect, it } from 'vitest';
import {
  claim,
  claimed,
  created,
  failed,
  laterMs,
  otherRunId,
  parentId,
  runId,
  storyOf,
} from '../../kit/a-task.ts';
import { at, givenTask as given, storyAtMs } from '../../kit/given.ts';

describe('a claim', () => {
  it('takes a ready task and records the terms', () => {
    const after = given(...storyOf.queued)
      .when(claim({ host: 'quay' }))
      .then(claimed({ host: 'quay' }));
    expect(after).toMatchObject({
      attempts: 1,
      standing: { status: 'running', claim: { runId, host: 'quay', claimedBy: 'dispatcher' } },
    });
  });

  it('is exclusive while it lives', () => {
    given(...storyOf.running)
      .when(claim({ runId: otherRunId }))
      .thenRefused('already_claimed', { runId, claimedBy: 'dispatcher', attempt: 1 });
  });

  it('counts the attempts of the whole life of a task', () => {
    given(...storyOf.running, failed())
      .when(claim({ runId: otherRunId }))
      .then(claimed({ runId: otherRunId, attempt: 2 }));
  });

  it('waits for the parents', () => {
    given(created({ parents: [parentId] }))
      .when(claim({ openParents: [parentId] }))
      .thenRefused('parents_open', { openParents: [parentId] });
  });

  it('waits for the time the task is held until, and not a millisecond longer', () => {
    const held = created({ notBeforeMs: laterMs });
    given(held)
      .when(claim({ nowMs: laterMs - 1 }))
      .thenRefused('held_until', { notBeforeMs: laterMs, hold: 'schedule' });
    const after = given(held)
      .when(claim({ nowMs: laterMs }))
      .then(claimed());
    expect(after).toMatchObject({ notBeforeMs: null, hold: null });
  });

  it.each([
    ['schedule', 'scheduled'],
    ['backoff', 'backing off'],
    ['rate_limit', 'rate limited'],
  ] as const)('says what holds the task: %s', (hold, words) => {
    const message = given(created(), failed({ notBeforeMs: laterMs, hold }))
      .when(claim())
      .thenRefused('held_until', { hold });
    expect(message).toBe(`Cannot claim: the task is ${words} until a later time.`);
  });

  it.each(['triage', 'review', 'done', 'blocked', 'halted', 'archived', 'tombstoned'] as const)(
    'is refused while the task is in %s, with the way out',
    (status) => {
      given(...storyOf[status])
        .when(claim())
        .thenRefused('not_ready', { status });
    },
  );
});

describe('a lease', () => {
  const extend = (by = runId) => ({
    type: 'ExtendLease' as const,
    runId: by,
    ttlMs: 60_000,
    reason: 'Its process is alive.',
    evidence: { pid: 4711 },
  });

  it('can be extended for the run that holds the task, again and again', () => {
    const { type: _, ...data } = extend();
    const after = given(created(), at(storyAtMs - 5, claimed()))
      .when(extend(), { repeatable: true })
      .then({ type: 'LeaseExtended', data });
    expect(after?.standing).toMatchObject({
      claim: { ttlMs: 60_000, claimedAtMs: storyAtMs - 5, extendedAtMs: storyAtMs },
    });
  });

  it('is not extended for a run that lost the task', () => {
    given(...storyOf.running)
      .when(extend(otherRunId))
      .thenRefused('not_current_run', { runId, status: 'running' });
    given(...storyOf.queued)
      .when(extend())
      .thenRefused('not_current_run', { runId, status: 'queued' });
  });
});
