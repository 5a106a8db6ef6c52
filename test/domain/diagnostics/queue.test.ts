/** What is said about tasks that nobody can start. */
import { describe, expect, test } from 'vitest';
import type { Severity } from '../../../src/domain/diagnostics/finding.ts';
import {
  assigneeNotFound,
  invalidTaskSkills,
  strandedInReady,
} from '../../../src/domain/diagnostics/queue.ts';
import type { Lane, Subject, Surroundings } from '../../../src/domain/diagnostics/subject.ts';
import type { Status } from '../../../src/domain/readiness.ts';
import type { TaskEvent } from '../../../src/domain/task/events.ts';
import { claimed, completed, created, taskId } from '../../kit/a-task.ts';
import {
  aSubject,
  calm,
  expectSeverity,
  hour,
  minute,
  movingLane,
  nowMs,
  suggestionOf,
} from './a-subject.ts';

const quietLane: Lane = { ...movingLane, lastClaimAtMs: nowMs - 30 * minute };
const nobody: Lane = { assignee: null, lastClaimAtMs: null, isServed: false, meant: null };

describe('a task stranded in ready', () => {
  const waiting = (minutes: number, facts: Partial<Subject> = {}) =>
    aSubject(undefined, {
      becameReadyAtMs: nowMs - minutes * minute,
      lane: quietLane,
      ...facts,
    });
  const rows: readonly (readonly [string, Subject, Severity | null])[] = [
    ['has waited half an hour', waiting(30), 'warning'],
    ['has waited long enough', waiting(29), null],
    ['is an error after an hour', waiting(60), 'error'],
    ['is critical after three hours', waiting(180), 'critical'],
    ['is short of critical before', waiting(179), 'error'],
    ['is in a queue that moves, and so a warning', waiting(600, { lane: movingLane }), 'warning'],
    ['may be for nobody', waiting(60, { lane: nobody }), 'error'],
    ['is over when it is claimed', waiting(600, { status: 'running' }), null],
  ];

  test.each(rows)('%s', (_what, subject, severity) => {
    expectSeverity(strandedInReady(subject, calm), severity);
  });

  test('says since when, for whom, and who is there', () => {
    expect(strandedInReady(waiting(45), calm)).toMatchObject({
      firstSeenAtMs: nowMs - 45 * minute,
      evidence: {
        readyAtMs: nowMs - 45 * minute,
        waitedMs: 45 * minute,
        assignee: 'painter',
        lastClaimAtMs: nowMs - 30 * minute,
        isPaused: false,
        hasDispatcher: true,
      },
    });
  });

  const causes: readonly (readonly [RegExp, Partial<Surroundings>, Lane, string])[] = [
    [/is paused/, { isPaused: true }, quietLane, 'logboard resume'],
    [/^Nobody is assigned/, {}, nobody, `logboard assign ${taskId} painter`],
    [/^No dispatcher serves/, { hasDispatcher: false }, quietLane, 'logboard serve'],
    [/serves painter/, {}, quietLane, 'logboard dispatch --dry-run'],
    [/not serve painter/, {}, { ...quietLane, isServed: false }, 'logboard dispatch --dry-run'],
  ];

  test.each(causes)('says why: %s', (words, around, lane, command) => {
    const trouble = strandedInReady(waiting(45, { lane }), { ...calm, ...around });
    expect(trouble?.detail).toMatch(words);
    expect(suggestionOf(trouble)).toBe(command);
  });
});

describe('an assignee that nobody knows', () => {
  const lane: Lane = {
    assignee: 'paintre',
    lastClaimAtMs: null,
    isServed: false,
    meant: 'painter',
  };
  const rows: readonly (readonly [string, Status, Partial<Lane>, Severity | null])[] = [
    ['is an error when the task is ready', 'ready', {}, 'error'],
    ['is a warning while it waits', 'waiting', {}, 'warning'],
    ['is a warning while it is scheduled', 'scheduled', {}, 'warning'],
    ['is nobody’s business when the task is done', 'done', {}, null],
    ['is found when a worker is defined', 'ready', { assignee: 'painter' }, null],
    ['is found when a dispatcher serves it', 'ready', { isServed: true }, null],
    ['is found when a program claims', 'ready', { lastClaimAtMs: nowMs - 23 * hour }, null],
    ['is lost a day after the last claim', 'ready', { lastClaimAtMs: nowMs - 24 * hour }, 'error'],
    ['is not one where nobody is assigned', 'ready', { assignee: null }, null],
    ['is not known by chance of its name', 'ready', { assignee: 'constructor' }, 'error'],
  ];

  test.each(rows)('%s', (_what, status, facts, severity) => {
    const subject = aSubject(undefined, { status, lane: { ...lane, ...facts } });
    expectSeverity(assigneeNotFound(subject, calm), severity);
  });

  test('is not looked for without a configuration', () => {
    const subject = aSubject(undefined, { lane });
    expectSeverity(assigneeNotFound(subject, { ...calm, workers: null }), null);
  });

  test('is told with the names that are known, and the one that was meant', () => {
    const trouble = assigneeNotFound(aSubject(undefined, { lane }), calm);
    expect(trouble?.evidence).toEqual({
      assignee: 'paintre',
      known: ['painter'],
      meant: 'painter',
      lastClaimAtMs: null,
    });
    expect(suggestionOf(trouble)).toBe(`logboard assign ${taskId} painter`);
  });

  test('has nobody to be mistaken for where several are known', () => {
    const workers = { painter: {}, rigger: {} };
    const subject = aSubject(undefined, { lane: { ...lane, meant: null } });
    expect(suggestionOf(assigneeNotFound(subject, { ...calm, workers }))).toBe(
      'logboard assignees',
    );
  });
});

describe('skills that a worker does not have', () => {
  const around = { ...calm, workers: { painter: { skills: ['brush', 'two coats'] } } };
  const asking = (skills: readonly string[], ...after: readonly TaskEvent[]) =>
    aSubject([created({ assignee: 'painter', skills: [...skills] }), ...after]);
  const rows: readonly (readonly [string, Subject, Surroundings, Severity | null])[] = [
    ['are an error', asking(['welding']), around, 'error'],
    ['are an error beside those it has', asking(['brush', 'welding']), around, 'error'],
    ['are told while it runs', asking(['welding'], claimed()), around, 'error'],
    ['are none where all are known', asking(['brush']), around, null],
    ['are none where none are asked for', asking([]), around, null],
    ['are none where nobody says what it has', asking(['welding']), calm, null],
    ['are none without a configuration', asking(['x']), { ...calm, workers: null }, null],
    ['are over when it is done', asking(['welding'], claimed(), completed), around, null],
    [
      'are over when they are cleared',
      asking(['welding'], { type: 'TaskEdited', data: { changes: { skills: [] } } }),
      around,
      null,
    ],
  ];

  test.each(rows)('%s', (_what, subject, surroundings, severity) => {
    expectSeverity(invalidTaskSkills(subject, surroundings), severity);
  });

  test('are all invalid where the worker has none', () => {
    const none = { ...calm, workers: { painter: { skills: [] } } };
    expectSeverity(invalidTaskSkills(asking(['brush']), none), 'error');
  });

  test('are named beside the known ones, which can be kept', () => {
    const trouble = invalidTaskSkills(asking(['two coats', 'welding', 'brush']), around);
    expect(trouble).toMatchObject({
      count: 1,
      evidence: { assignee: 'painter', invalid: ['welding'], known: ['brush', 'two coats'] },
    });
    expect(trouble?.actions.map(({ command }) => command)).toEqual([
      `logboard edit ${taskId} --clear-skills`,
      `logboard edit ${taskId} --skill 'two coats' --skill brush`,
    ]);
  });
});
