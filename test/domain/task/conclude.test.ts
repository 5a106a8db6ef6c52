/** What the end of a run means for its task: all eleven endings, the breaker, and the holds. */
import { describe, expect, it } from 'vitest';
import { defaultPolicy, holdDelayMs, retryDelayMs, runPolicy } from '../../../src/domain/policy.ts';
import { endings } from '../../kit/a-run.ts';
import {
  claimed,
  completed,
  conclude,
  created,
  failed,
  otherRunId,
  runId,
  storyOf,
} from '../../kit/a-task.ts';
import { at, givenTask as given, storyAtMs } from '../../kit/given.ts';

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
  ['released', 'releases', endings.RunReleased, 'given back by its worker: no brush'],
  ['reclaimed', 'recoveries', endings.RunReclaimed, 'reclaimed: silent for 16 min'],
  ['stale', 'recoveries', endings.RunWentStale, 'showed no progress for 3600 s'],
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

const by = { kind: 'dispatcher', id: 'quay' } as const;

/** A task that ended like this so many times in a row, and runs again. */
function interrupted(times: number, outcome: 'released' | 'reclaimed' | 'stale' | 'rate_limited') {
  const ended = at(storyAtMs, failed({ outcome, failures: 0 }), by);
  const again = [ended, claimed({ attempt: 2 })];
  return [created(), claimed(), ...Array.from({ length: times }, () => again).flat()];
}

describe.each(interruptions)('an interruption: %s', (outcome, kind, ending, error) => {
  it('sends the task back to the queue after a growing wait, and is no failure', () => {
    // Whoever was lost once comes back at once.
    const earlier = kind === 'recoveries' ? 1 : 0;
    for (const times of [earlier, earlier + 1, 3]) {
      const notBeforeMs = storyAtMs + retryDelayMs(times + 1 - earlier, runId, defaultPolicy);
      const after = given(...interrupted(times, outcome))
        .when(conclude(ending), { by })
        .then({
          type: 'TaskRequeued',
          data: { runId, outcome, failures: 0, notBeforeMs, hold: 'backoff', error },
        });
      expect(after).toMatchObject({ failures: 0, interruptions: { [kind]: times + 1 } });
    }
  });

  it('trips the breaker once there were as many as its limit', () => {
    const after = given(...interrupted(4, outcome))
      .when(conclude(ending), { by })
      .then({
        type: 'TaskHalted',
        data: { runId, outcome, failures: 0, limit: 5, limitFrom: 'policy', lastError: error },
      });
    expect(after).toMatchObject({
      standing: { status: 'halted', limit: 5, budget: kind },
      interruptions: { [kind]: 5 },
    });
  });
});

it('a run that is lost for the first time holds its task up in no way', () => {
  const error = 'reclaimed: silent for 16 min';
  given(created(), claimed())
    .when(conclude(endings.RunReclaimed), { by })
    .then({ type: 'TaskRequeued', data: { runId, outcome: 'reclaimed', failures: 0, error } });
});

describe('interruptions of several kinds', () => {
  it('add up each for itself, so that no mixture goes round for ever', () => {
    const mixed = [...interrupted(4, 'released'), failed(), claimed({ attempt: 3 })];
    const after = given(...mixed)
      .when(conclude(endings.RunReleased))
      .then({
        type: 'TaskHalted',
        data: {
          runId,
          outcome: 'released',
          failures: 1,
          limit: 5,
          limitFrom: 'policy',
          lastError: 'given back by its worker: no brush',
        },
      });
    expect(after).toMatchObject({ failures: 1, standing: { budget: 'releases' } });
  });

  it('are forgotten with the failures: by success, and by a person', () => {
    const none = { recoveries: 0, releases: 0, holds: 0 };
    const twice = interrupted(2, 'stale');
    expect(given(...twice).state?.interruptions).toEqual({ ...none, recoveries: 2 });
    expect(given(...twice, completed).state?.interruptions).toEqual(none);
    const forgiven = given(...twice).when({ type: 'ResetFailures' });
    expect(forgiven.then({ type: 'FailuresReset', data: {} })?.interruptions).toEqual(none);
  });
});

it.each([
  ['reclaimed', endings.RunReclaimed, 'human', 'reclaimed: silent for 16 min'],
  ['canceled', endings.RunCanceled, 'dispatcher', 'canceled: archived by ada'],
] as const)(
  'a run that was taken away on purpose (%s) costs nothing and waits for nothing',
  (outcome, ending, endedBy, error) => {
    const after = given(...lastChance)
      .when(conclude(ending, { endedBy }), { by: { kind: endedBy, id: 'ada' } })
      .then({ type: 'TaskRequeued', data: { runId, outcome, failures: 1, error } });
    expect(after).toMatchObject({
      standing: { status: 'queued' },
      failures: 1,
      interruptions: { recoveries: 0, releases: 0, holds: 0 },
      notBeforeMs: null,
    });
  },
);

describe('a rate limit', () => {
  it('holds the task longer each time, and is no failure', () => {
    for (const times of [0, 1, 7]) {
      const holds = times + 1;
      const notBeforeMs = storyAtMs + holdDelayMs({ holdMs: 300_000, holds }, runId, defaultPolicy);
      const after = given(...interrupted(times, 'rate_limited'))
        .when(conclude(endings.RunRateLimited))
        .then({
          type: 'TaskRequeued',
          data: {
            runId,
            outcome: 'rate_limited',
            failures: 0,
            notBeforeMs,
            hold: 'rate_limit',
            error: 'rate limited, held for at least 300 s',
          },
        });
      expect(after).toMatchObject({ failures: 0, interruptions: { holds }, hold: 'rate_limit' });
    }
  });

  it('trips the breaker when there is no end of it', () => {
    const after = given(...interrupted(19, 'rate_limited'))
      .when(conclude(endings.RunRateLimited))
      .then({
        type: 'TaskHalted',
        data: {
          runId,
          outcome: 'rate_limited',
          failures: 0,
          limit: 20,
          limitFrom: 'policy',
          lastError: 'rate limited, held for at least 300 s',
        },
      });
    expect(after).toMatchObject({ standing: { status: 'halted', budget: 'holds' } });
  });
});

describe('a failure that an outage is to blame for', () => {
  const outage = { outcome: 'crashed', code: '1', tasks: 3, sinceAtMs: storyAtMs };

  it('is not counted as one: the task is held', () => {
    const notBeforeMs = storyAtMs + retryDelayMs(1, runId, defaultPolicy);
    const after = given(...lastChance)
      .when(conclude(endings.RunCrashed, { excuse: outage }))
      .then({
        type: 'TaskRequeued',
        data: {
          runId,
          outcome: 'crashed',
          failures: 1,
          notBeforeMs,
          hold: 'outage',
          evidence: outage,
          error: 'crashed: boom',
        },
      });
    expect(after).toMatchObject({ failures: 1, interruptions: { holds: 1 }, hold: 'outage' });
  });

  it('still has a limit', () => {
    const after = given(...interrupted(19, 'rate_limited'))
      .when(conclude(endings.RunCrashed, { excuse: outage }))
      .then({
        type: 'TaskHalted',
        data: {
          runId,
          outcome: 'crashed',
          failures: 0,
          limit: 20,
          limitFrom: 'policy',
          lastError: 'crashed: boom',
        },
      });
    expect(after).toMatchObject({ failures: 0, standing: { status: 'halted', budget: 'holds' } });
  });
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
