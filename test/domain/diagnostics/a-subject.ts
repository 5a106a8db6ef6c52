/** A task for the rules to look at: a story, and around it nothing that any rule minds. */
import { expect } from 'vitest';
import type { Severity, Trouble } from '../../../src/domain/diagnostics/finding.ts';
import type {
  Attempt,
  Lane,
  Subject,
  Surroundings,
} from '../../../src/domain/diagnostics/subject.ts';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import { statusOf } from '../../../src/domain/readiness.ts';
import type { RunOutcome, TaskEvent } from '../../../src/domain/task/events.ts';
import type { Task } from '../../../src/domain/task/state.ts';
import { created, taskId } from '../../kit/a-task.ts';
import { givenTask } from '../../kit/given.ts';

/** The moment the rules are asked, UTC ms; long after any story. */
export const nowMs = Date.UTC(2026, 4, 20, 12);
/** Durations, in ms. */
export const [minute, hour] = [60_000, 3_600_000];

/** Nothing is wrong around the task. */
export const calm: Surroundings = {
  nowMs,
  policy: defaultPolicy,
  workers: { painter: {} },
  isPaused: false,
  hasDispatcher: true,
};

/** A lane in which somebody has just claimed something. */
export const movingLane: Lane = {
  assignee: 'painter',
  lastClaimAtMs: nowMs - minute,
  isServed: true,
  meant: null,
};

/** What a story leads to, with these facts in the place of harmless ones. */
export function aSubject(
  story: readonly TaskEvent[] = [created({ assignee: 'painter' })],
  facts: Partial<Subject> = {},
): Subject {
  const task = givenTask(...story).state as Task;
  const { length: openParents } = facts.openParents ?? [];
  return {
    taskId,
    task,
    status: statusOf(task, { openParents, nowMs }),
    becameReadyAtMs: null,
    stoppedAtMs: null,
    releasedAtMs: [],
    lastCommentAtMs: null,
    attempts: [],
    holder: null,
    refusals: [],
    openParents: [],
    phantoms: [],
    lane: movingLane,
    ...facts,
  };
}

/** Attempts that ended like this, an hour apart, the first of them an hour ago. */
export function attemptsThat(...outcomes: readonly RunOutcome[]): readonly Attempt[] {
  return outcomes.map((outcome, index) => {
    return { runId: runOf(index), outcome, endedAtMs: nowMs - (index + 1) * hour };
  });
}

/** The run of the n-th of these attempts, counted from 0. */
export function runOf(index: number): string {
  return `R-00000000000${index}`;
}

/** What is expected of a finding, if there is to be one. */
export function expectSeverity(trouble: Trouble | undefined, severity: Severity | null): void {
  expect(trouble?.severity ?? null).toBe(severity);
}

/** The command that is suggested. */
export function suggestionOf(trouble: Trouble | undefined): string | undefined {
  return trouble?.actions.find(({ suggested }) => suggested)?.command;
}
