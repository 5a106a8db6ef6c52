/** What is said about tasks that stand still until somebody acts. */
import { describe, expect, test } from 'vitest';
import type { Severity } from '../../../src/domain/diagnostics/finding.ts';
import {
  blockUnblockCycling,
  parentNeverDone,
  stuckInBlocked,
  triageUnattended,
} from '../../../src/domain/diagnostics/standstill.ts';
import type { OpenParent, Subject } from '../../../src/domain/diagnostics/subject.ts';
import type { Status } from '../../../src/domain/readiness.ts';
import type { TaskEvent } from '../../../src/domain/task/events.ts';
import {
  archived,
  blocked,
  created,
  otherParentId,
  parentId,
  storyOf,
  taskId,
} from '../../kit/a-task.ts';
import { aSubject, calm, expectSeverity, hour, minute, nowMs, suggestionOf } from './a-subject.ts';

const day = 24 * hour;
type Row = readonly [string, readonly TaskEvent[], Partial<Subject>, Severity | null];

/** What being stopped for a day without a word means, and what ends it. */
function quietRows(story: readonly TaskEvent[]): readonly Row[] {
  return [
    ['is not told for a day', story, { stoppedAtMs: nowMs - day + 1 }, null],
    ['is told after a day', story, { stoppedAtMs: nowMs - day }, 'warning'],
    ['stays a warning', story, { stoppedAtMs: nowMs - 90 * day }, 'warning'],
    [
      'is over when somebody comments',
      story,
      { stoppedAtMs: nowMs - 9 * day, lastCommentAtMs: nowMs - minute },
      null,
    ],
    [
      'is told again when that was all, a day later',
      story,
      { stoppedAtMs: nowMs - 9 * day, lastCommentAtMs: nowMs - day },
      'warning',
    ],
    [
      'counts from the block where the comment is older',
      story,
      { stoppedAtMs: nowMs - hour, lastCommentAtMs: nowMs - day },
      null,
    ],
  ];
}

describe('a block that nobody answers', () => {
  const story = [created(), blocked];

  test.each(quietRows(story))('%s', (_what, told, facts, severity) => {
    expectSeverity(stuckInBlocked(aSubject(told, facts), calm), severity);
  });

  test('is over when the task is unblocked, or put away', () => {
    const facts = { stoppedAtMs: nowMs - 9 * day };
    const unblocked = [...story, { type: 'TaskUnblocked', data: {} } as const];
    expectSeverity(stuckInBlocked(aSubject(unblocked, facts), calm), null);
    expectSeverity(stuckInBlocked(aSubject([...story, archived], facts), calm), null);
  });

  test('says what is asked, and since when', () => {
    const trouble = stuckInBlocked(aSubject(story, { stoppedAtMs: nowMs - 2 * day }), calm);
    expect(trouble).toMatchObject({
      detail: 'It waits for this: Which colour?',
      firstSeenAtMs: nowMs - 2 * day,
      evidence: { cause: 'needs_input', blockedAtMs: nowMs - 2 * day, quietMs: 2 * day },
    });
    expect(suggestionOf(trouble)).toBe(`logboard unblock ${taskId}`);
  });
});

describe('a task in triage that nobody specifies', () => {
  test.each(quietRows(storyOf.triage))('%s', (_what, told, facts, severity) => {
    expectSeverity(triageUnattended(aSubject(told, facts), calm), severity);
  });

  test('is over when it is specified', () => {
    const facts = { stoppedAtMs: nowMs - 9 * day };
    const specified = [
      ...storyOf.triage,
      { type: 'TaskSpecified', data: { changes: {} } } as const,
    ];
    expectSeverity(triageUnattended(aSubject(specified, facts), calm), null);
  });

  test('says since when, and how it gets out', () => {
    const facts = { stoppedAtMs: nowMs - 2 * day };
    const trouble = triageUnattended(aSubject(storyOf.triage, facts), calm);
    expect(trouble?.evidence).toMatchObject({ triageAtMs: nowMs - 2 * day, quietMs: 2 * day });
    expect(suggestionOf(trouble)).toBe(`logboard edit ${taskId} --specify`);
  });
});

describe('blocking and unblocking in circles', () => {
  const hoursAgo = (...hours: readonly number[]) => hours.map((n) => nowMs - n * hour);
  const rows: readonly (readonly [string, Partial<Subject>, Severity | null])[] = [
    ['is not twice in a day', { releasedAtMs: hoursAgo(5, 1) }, null],
    ['is three times in a day', { releasedAtMs: hoursAgo(23, 5, 1) }, 'warning'],
    ['stays a warning', { releasedAtMs: hoursAgo(6, 5, 4, 3, 2, 1) }, 'warning'],
    ['is not three times in two days', { releasedAtMs: hoursAgo(24, 5, 1) }, null],
    ['is told while the task is blocked', { releasedAtMs: hoursAgo(3, 2, 1) }, 'warning'],
    ['is over when the task is done', { releasedAtMs: hoursAgo(3, 2, 1), status: 'done' }, null],
  ];

  test.each(rows)('%s', (_what, facts, severity) => {
    expectSeverity(blockUnblockCycling(aSubject(undefined, facts), calm), severity);
  });

  test('is told with every time it was released', () => {
    const releasedAtMs = hoursAgo(30, 3, 2, 1);
    expect(blockUnblockCycling(aSubject(undefined, { releasedAtMs }), calm)).toMatchObject({
      count: 3,
      firstSeenAtMs: nowMs - 3 * hour,
      lastSeenAtMs: nowMs - hour,
      evidence: { releasedAtMs: hoursAgo(3, 2, 1) },
    });
  });
});

describe('a parent that will not be done', () => {
  const story = [created({ parents: [parentId, otherParentId] })];
  const parent = (status: Status, stoppedAtMs: number | null = null, id = parentId): OpenParent => {
    return { taskId: id, status, stoppedAtMs };
  };
  const rows: readonly (readonly [string, OpenParent, Severity | null])[] = [
    ['is not one that waits itself', parent('waiting'), null],
    ['is not one in progress', parent('running'), null],
    ['is one in the archive that was not done', parent('archived'), 'error'],
    ['is one that was removed', parent('tombstoned'), 'error'],
    ['is one that was halted', parent('halted', nowMs), 'warning'],
    ['is not one that was blocked just now', parent('blocked', nowMs - hour), null],
    ['is one that was blocked for a day', parent('blocked', nowMs - day), 'warning'],
  ];

  test.each(rows)('%s', (_what, openParent, severity) => {
    expectSeverity(parentNeverDone(aSubject(story, { openParents: [openParent] }), calm), severity);
  });

  test('is over when nobody waits for it', () => {
    const facts = { openParents: [parent('archived')], status: 'ready' } as const;
    expectSeverity(parentNeverDone(aSubject(story, facts), calm), null);
  });

  test('is named, with a way out for each, and the worst counts', () => {
    const openParents = [parent('halted', nowMs), parent('archived', null, otherParentId)];
    const trouble = parentNeverDone(aSubject(story, { openParents }), calm);
    expect(trouble).toMatchObject({
      severity: 'error',
      count: 2,
      evidence: { parents: openParents },
    });
    expect(trouble?.actions.map(({ command }) => command)).toEqual([
      `logboard unblock ${parentId}`,
      `logboard unlink ${otherParentId} ${taskId}`,
      `logboard promote ${taskId} --force`,
      `logboard archive ${taskId} given up`,
    ]);
  });
});
