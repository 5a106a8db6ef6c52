/** What the end of a run means for its task: all eleven endings, the breaker, and the holds. */
import { describe, expect, it } from 'vitest';
import { defaultPolicy, retryDelayMs, runPolicy } from '../../../src/domain/policy.ts';
import { endings } from '../../kit/a-run.ts';
import {
  claimed,
  conclude,
  created,
  failed,
  otherRunId,
  runId,
  storyOf,
} from '../../kit/a-task.ts';
import { givenTask as given, storyAtMs } from '../../kit/given.ts';

/** A task that failed once and runs again: one more failure reaches the default limit of 2. */
const lastChance = [created(), claimed(), failed(), claimed({ attempt: 2 })];

const failures = [
  ['crashed', endings.RunCrashed, 'crashed: boom'],
  ['timed_out', endings.RunTimedOut, 'ran longer than its limit of 60 s'],
  ['spawn_failed', endings.SpawnFailed, 'could not be started: no such program'],
  [
    'protocol_violated',
    endings.ProtocolViolated,
    'exited with 0 without saying how the work ended',
  ],
] as const;

const interruptions = [
  ['released', endings.RunReleased, 'given back by its worker: no brush'],
  ['reclaimed', endings.RunReclaimed, 'reclaimed: silent for 16 min'],
  ['stale', endings.RunWentStale, 'showed no progress for 3600 s'],
  ['canceled', endings.RunCanceled, 'canceled: archived by ada'],
] as const;

describe('a run that completed', () => {
  it('makes its task done and hands its result on', () => {
    const after = given(...lastChance)
      .when(conclude(endings.RunCompleted))
      .then({ type: 'TaskCompleted', data: { runId, summary: 'Two coats.', result: 'red' } });
    expect(after).toMatchObject({
      standing: { status: 'done', doneAtMs: storyAtMs },
      handOff: { summary: 'Two coats.', result: 'red' },
      failures: 0,
      lastError: null,
    });
  });

  it('asks a person to look first when its worker wished so', () => {
    const { type, data } = endings.RunCompleted;
    const after = given(...storyOf.running)
      .when(conclude({ type, data: { ...data, review: true } }))
      .then({ type: 'ReviewRequested', data: { runId, summary: 'Two coats.', result: 'red' } });
    expect(after).toMatchObject({ standing: { status: 'review' }, handOff: { result: 'red' } });
  });
});

it('a run that blocked stops its task until somebody answers, and counts as no failure', () => {
  const after = given(...lastChance)
    .when(conclude(endings.RunBlocked))
    .then({ type: 'TaskBlocked', data: { runId, cause: 'needs_input', reason: 'Which colour?' } });
  expect(after).toMatchObject({ standing: { status: 'blocked' }, failures: 1, attempts: 2 });
});

describe.each(failures)('a failure: %s', (outcome, ending, error) => {
  it('sends the task back to the queue, to rest before the next attempt', () => {
    const notBeforeMs = storyAtMs + retryDelayMs(1, runId, defaultPolicy);
    const after = given(...storyOf.running)
      .when(conclude(ending))
      .then({
        type: 'TaskRequeued',
        data: { runId, outcome, failures: 1, notBeforeMs, hold: 'backoff', error },
      });
    expect(after).toMatchObject({ failures: 1, notBeforeMs, hold: 'backoff', lastError: error });
  });

  it('trips the breaker once the failures in a row reach the limit', () => {
    const after = given(...lastChance)
      .when(conclude(ending))
      .then({
        type: 'TaskHalted',
        data: { runId, outcome, failures: 2, limit: 2, limitFrom: 'policy', lastError: error },
      });
    expect(after).toMatchObject({ standing: { status: 'halted', limit: 2 }, failures: 2 });
  });
});

describe('the limit of the breaker', () => {
  it("is the task's own, when it has one", () => {
    given(created({ maxRetries: 1 }), claimed())
      .when(conclude(endings.RunCrashed))
      .then({
        type: 'TaskHalted',
        data: {
          runId,
          outcome: 'crashed',
          failures: 1,
          limit: 1,
          limitFrom: 'task',
          lastError: 'crashed: boom',
        },
      });
    const after = given(created({ maxRetries: 3 }), claimed(), failed(), claimed({ attempt: 2 }))
      .when(conclude(endings.RunCrashed))
      .then(
        failed({
          failures: 2,
          notBeforeMs: storyAtMs + retryDelayMs(2, runId, defaultPolicy),
          hold: 'backoff',
        }),
      );
    expect(after?.failures).toBe(2);
  });

  it('is the one the claim recorded, whoever draws the conclusion and by whatever policy', () => {
    const policy = runPolicy({ ...defaultPolicy, failureLimit: 1 });
    given(created(), claimed({ policy }))
      .when(conclude(endings.RunCrashed, { policy: { ...defaultPolicy, failureLimit: 9 } }))
      .then({
        type: 'TaskHalted',
        data: {
          runId,
          outcome: 'crashed',
          failures: 1,
          limit: 1,
          limitFrom: 'policy',
          lastError: 'crashed: boom',
        },
      });
  });
});

describe.each(interruptions)('an interruption: %s', (outcome, ending, error) => {
  it('sends the task back to the queue at once and counts nothing', () => {
    const after = given(...lastChance)
      .when(conclude(ending))
      .then({ type: 'TaskRequeued', data: { runId, outcome, failures: 1, error } });
    expect(after).toMatchObject({ standing: { status: 'queued' }, failures: 1, notBeforeMs: null });
  });
});

it('a rate limit holds the task as long as the worker was told, and counts nothing', () => {
  const notBeforeMs = storyAtMs + 300_000;
  const after = given(...lastChance)
    .when(conclude(endings.RunRateLimited))
    .then({
      type: 'TaskRequeued',
      data: {
        runId,
        outcome: 'rate_limited',
        failures: 1,
        error: 'rate limited, held for 300 s',
        notBeforeMs,
        hold: 'rate_limit',
      },
    });
  expect(after).toMatchObject({ failures: 1, notBeforeMs, hold: 'rate_limit' });
});

describe('a conclusion that comes late', () => {
  it.each(Object.values(endings))(
    'changes nothing when another run holds the task: $type',
    (ending) => {
      given(created(), claimed({ runId: otherRunId }))
        .when(conclude(ending))
        .thenNothing();
    },
  );

  it.each(['queued', 'review', 'done', 'blocked', 'halted', 'archived', 'tombstoned'] as const)(
    'changes nothing when the task is in %s',
    (status) => {
      given(...storyOf[status])
        .when(conclude(endings.RunCompleted))
        .thenNothing();
    },
  );
});
