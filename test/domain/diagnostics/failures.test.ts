/** What is said about attempts that fail, and when it is no longer said. */
import { describe, expect, test } from 'vitest';
import {
  haltedByBreaker,
  repeatedCrashes,
  repeatedFailures,
} from '../../../src/domain/diagnostics/failures.ts';
import type { Severity } from '../../../src/domain/diagnostics/finding.ts';
import type { Subject } from '../../../src/domain/diagnostics/subject.ts';
import type { RunOutcome, TaskEvent } from '../../../src/domain/task/events.ts';
import {
  archived,
  blocked,
  claimed,
  completed,
  created,
  failed,
  halted,
  taskId,
} from '../../kit/a-task.ts';
import {
  aSubject,
  attemptsThat,
  calm,
  expectSeverity,
  hour,
  nowMs,
  runOf,
  suggestionOf,
} from './a-subject.ts';

/** Failures in a row that the breaker has let pass. */
const failing = (failures: number, ...after: readonly TaskEvent[]) => [
  created({ maxRetries: 100 }),
  claimed(),
  failed({ failures }),
  ...after,
];

describe('repeated failures', () => {
  const rows: readonly (readonly [string, readonly TaskEvent[], Severity | null])[] = [
    ['below the limit are none', failing(1), null],
    ['at the limit are an error', failing(2), 'error'],
    ['short of twice the limit are an error', failing(3), 'error'],
    ['at twice the limit are critical', failing(4), 'critical'],
    ['are told while the next attempt runs', failing(2, claimed({ attempt: 2 })), 'error'],
    ['are told of a blocked task', failing(2, blocked), 'error'],
    ['are over when they are forgiven', failing(2, { type: 'FailuresReset', data: {} }), null],
    ['are over when the task is done', failing(2, claimed(), completed), null],
    ['are nobody’s business in the archive', failing(2, archived), null],
    ['are told by the halt once there is one', [created(), claimed(), halted], null],
  ];

  test.each(rows)('%s', (_what, story, severity) => {
    expectSeverity(repeatedFailures(aSubject(story), calm), severity);
  });

  test('are counted by the limit of the board, whatever the task may retry', () => {
    const strict = { ...calm, policy: { failureLimit: 5 } };
    expectSeverity(repeatedFailures(aSubject(failing(4)), strict), null);
    expectSeverity(repeatedFailures(aSubject(failing(5)), strict), 'error');
  });

  test('name the last one and when they began; other endings do not count', () => {
    const attempts = attemptsThat('timed_out', 'reclaimed', 'crashed', 'completed', 'crashed');
    expect(repeatedFailures(aSubject(failing(2), { attempts }), calm)).toMatchObject({
      count: 2,
      firstSeenAtMs: nowMs - 3 * hour,
      lastSeenAtMs: nowMs - hour,
      evidence: {
        failures: 2,
        limit: 2,
        haltedAt: 100,
        runId: runOf(0),
        outcome: 'timed_out',
        lastError: 'crashed: boom',
      },
      detail: 'The limit of the board is 2. Last: crashed: boom',
    });
  });

  test('point to what was printed, or to the machine where nothing could start', () => {
    const suggested = (outcome: RunOutcome) =>
      suggestionOf(
        repeatedFailures(aSubject(failing(2), { attempts: attemptsThat(outcome) }), calm),
      );
    expect(suggested('crashed')).toBe(`logboard log ${runOf(0)}`);
    expect(suggested('spawn_failed')).toBe('logboard doctor');
  });

  test('quote a long error in part', () => {
    const story = [created({ maxRetries: 9 }), failed({ failures: 2, error: 'x'.repeat(9_000) })];
    expect(repeatedFailures(aSubject(story), calm)?.detail.length).toBeLessThan(300);
  });
});

describe('repeated crashes', () => {
  const crashes = (n: number) => attemptsThat(...Array<'crashed'>(n).fill('crashed'));
  const rows: readonly (readonly [string, Partial<Subject>, Severity | null])[] = [
    ['are not one', { attempts: crashes(1) }, null],
    ['are two', { attempts: crashes(2) }, 'error'],
    ['are three', { attempts: crashes(3) }, 'error'],
    ['are critical from four on', { attempts: crashes(4) }, 'critical'],
    ['are over with any other ending', { attempts: attemptsThat('released', 'crashed') }, null],
    ['ended by a success', { attempts: attemptsThat('completed', 'crashed', 'crashed') }, null],
    ['are over when the task is done', { attempts: crashes(2), status: 'done' }, null],
    ['are over in the archive', { attempts: crashes(2), status: 'archived' }, null],
  ];

  test.each(rows)('%s', (_what, facts, severity) => {
    expectSeverity(repeatedCrashes(aSubject(undefined, facts), calm), severity);
  });

  test('are silent where failures or the halt speak', () => {
    const attempts = crashes(2);
    const stories = [failing(2), [created(), claimed(), halted]];
    for (const story of stories) {
      expect(repeatedCrashes(aSubject(story, { attempts }), calm)).toBeUndefined();
    }
  });

  test('name the last run, the first and the last time', () => {
    expect(repeatedCrashes(aSubject(undefined, { attempts: crashes(3) }), calm)).toMatchObject({
      count: 3,
      firstSeenAtMs: nowMs - 3 * hour,
      lastSeenAtMs: nowMs - hour,
      evidence: { crashes: 3, runId: runOf(0), outcome: 'crashed' },
    });
  });
});

describe('a halt by the breaker', () => {
  const story = [created(), claimed(), halted];
  const rows: readonly (readonly [string, Partial<Subject>, Severity | null])[] = [
    ['is an error at once', { stoppedAtMs: nowMs }, 'error'],
    ['is critical when nobody looks for a day', { stoppedAtMs: nowMs - 24 * hour }, 'critical'],
    [
      'is an error again when somebody says something',
      { stoppedAtMs: nowMs - 48 * hour, lastCommentAtMs: nowMs - hour },
      'error',
    ],
  ];

  test.each(rows)('%s', (_what, facts, severity) => {
    expectSeverity(haltedByBreaker(aSubject(story, facts), calm), severity);
  });

  test('is over when somebody resumes the task, and not when failures are forgiven', () => {
    const resumed = [...story, { type: 'TaskResumed', data: {} } as const];
    expectSeverity(haltedByBreaker(aSubject(resumed), calm), null);
    const forgiven = [...story, { type: 'FailuresReset', data: {} } as const];
    expectSeverity(haltedByBreaker(aSubject(forgiven), calm), 'error');
  });

  test('says after how many failures, of which run, and how to go on', () => {
    const facts = { stoppedAtMs: nowMs - hour, attempts: attemptsThat('crashed') };
    const trouble = haltedByBreaker(aSubject(story, facts), calm);
    expect(trouble).toMatchObject({
      firstSeenAtMs: nowMs - hour,
      evidence: { failures: 2, limit: 2, runId: runOf(0), haltedAtMs: nowMs - hour },
    });
    expect(suggestionOf(trouble)).toBe(`logboard unblock ${taskId} the cause is gone`);
  });
});
