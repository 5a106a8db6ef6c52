/** What is said about claims that outlived their run, and writers that lost their right. */
import { describe, expect, test } from 'vitest';
import { refusedWrites, staleRunningClaim } from '../../../src/domain/diagnostics/claims.ts';
import type { Severity } from '../../../src/domain/diagnostics/finding.ts';
import type { Holder, RefusalTally, Subject } from '../../../src/domain/diagnostics/subject.ts';
import { claimed, completed, created, otherRunId, runId, taskId } from '../../kit/a-task.ts';
import { storyAtMs } from '../../kit/given.ts';
import { aSubject, calm, expectSeverity, hour, minute, nowMs, suggestionOf } from './a-subject.ts';

describe('a claim that is stale', () => {
  const story = [created(), claimed({ host: 'quay' })];
  const open = (overdueMs: number): Holder => {
    return { endedAtMs: null, leaseUntilMs: nowMs - overdueMs };
  };
  const ended = (agoMs: number): Holder => ({ endedAtMs: nowMs - agoMs, leaseUntilMs: nowMs });
  const rows: readonly (readonly [string, Holder | null, Severity | null])[] = [
    ['is not one whose lease runs', open(-1), null],
    ['is not one that a dispatcher may still settle', open(minute - 1), null],
    ['is one whose lease is over, and nobody minds', open(minute), 'error'],
    ['stays an error', open(100 * hour), 'error'],
    ['is one whose run is over', ended(minute), 'error'],
    ['is not one whose run ended just now', ended(minute - 1), null],
    ['is one whose run was never opened', null, 'error'],
  ];

  test.each(rows)('%s', (_what, holder, severity) => {
    expectSeverity(staleRunningClaim(aSubject(story, { holder }), calm), severity);
  });

  test('is over when the task is no longer running', () => {
    const subject = aSubject([...story, completed], { holder: open(hour) });
    expectSeverity(staleRunningClaim(subject, calm), null);
  });

  test('names the run, who claimed it, and for how long nobody settled it', () => {
    const trouble = staleRunningClaim(aSubject(story, { holder: open(hour) }), calm);
    expect(trouble).toMatchObject({
      title: 'held by a run that is silent beyond its lease',
      firstSeenAtMs: nowMs - hour,
      evidence: {
        runId,
        claimedBy: 'dispatcher',
        host: 'quay',
        claimedAtMs: storyAtMs,
        endedAtMs: null,
        leaseUntilAtMs: nowMs - hour,
        overdueMs: hour,
      },
    });
    expect(suggestionOf(trouble)).toBe(`logboard edit ${taskId} --clear-claim`);
  });
});

describe('stale writes that are refused', () => {
  const tally = (count: number, facts: Partial<RefusalTally> = {}): RefusalTally => {
    const times = { firstAtMs: nowMs - 2 * hour, lastAtMs: nowMs - hour };
    return { runId, count, isAtLeast: false, ...times, ...facts };
  };
  const rows: readonly (readonly [string, Partial<Subject>, Severity | null])[] = [
    ['are not worth a word once or twice', { refusals: [tally(2)] }, null],
    ['are a warning from three on', { refusals: [tally(3)] }, 'warning'],
    [
      'are added up over the runs of a task',
      { refusals: [tally(2), tally(1, { runId: otherRunId })] },
      'warning',
    ],
    [
      'are an error where they are no longer recorded one by one',
      { refusals: [tally(20, { isAtLeast: true })] },
      'error',
    ],
    [
      'are over after a day without one',
      { refusals: [tally(20, { lastAtMs: nowMs - 24 * hour })] },
      null,
    ],
    ['are told of a finished task as well', { refusals: [tally(3)], status: 'done' }, 'warning'],
    ['are not told of a removed task', { refusals: [tally(3)], status: 'tombstoned' }, null],
  ];

  test.each(rows)('%s', (_what, facts, severity) => {
    expectSeverity(refusedWrites(aSubject(undefined, facts), calm), severity);
  });

  test('are told with their runs and times', () => {
    const other = tally(4, { runId: otherRunId, lastAtMs: nowMs - minute });
    const refusals = [tally(3), other];
    expect(refusedWrites(aSubject(undefined, { refusals }), calm)).toMatchObject({
      count: 7,
      title: '7 stale writes refused',
      detail: expect.stringContaining(otherRunId),
      firstSeenAtMs: nowMs - 2 * hour,
      lastSeenAtMs: nowMs - minute,
      evidence: { runs: refusals },
    });
  });
});
