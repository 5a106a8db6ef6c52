/** A task to tell stories about: its events with everything that does not matter filled in. */
import { defaultPolicy, runPolicy } from '../../src/domain/policy.ts';
import type { TerminalEvent } from '../../src/domain/run/events.ts';
import type { TaskCommand } from '../../src/domain/task/commands.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import type { Standing } from '../../src/domain/task/state.ts';
import { storyAtMs } from './given.ts';

type DataOf<T extends TaskEvent['type']> = Extract<TaskEvent, { type: T }>['data'];
type EventOf<T extends TaskEvent['type']> = Extract<TaskEvent, { type: T }>;
type CommandOf<T extends TaskCommand['type']> = Extract<TaskCommand, { type: T }>;

/** The task that stories are about. */
export const taskId = 'T-0000000001';
/** A task it may wait for. */
export const parentId = 'T-00000000P1';
/** Another task it may wait for. */
export const otherParentId = 'T-00000000P2';
/** The first run of the task. */
export const runId = 'R-000000000001';
/** Another run of it. */
export const otherRunId = 'R-000000000002';
/** An hour after the story begins. */
export const laterMs = storyAtMs + 3_600_000;

/** A task named "Paint the hull", made by ada. */
export function created(fields: Partial<DataOf<'TaskCreated'>> = {}): EventOf<'TaskCreated'> {
  return { type: 'TaskCreated', data: { title: 'Paint the hull', createdBy: 'ada', ...fields } };
}

/** The first run claims it. */
export function claimed(fields: Partial<DataOf<'TaskClaimed'>> = {}): EventOf<'TaskClaimed'> {
  const { claimTtlMs: ttlMs } = defaultPolicy;
  const policy = runPolicy(defaultPolicy);
  const data = { runId, attempt: 1, claimedBy: 'dispatcher', ttlMs, policy };
  return { type: 'TaskClaimed', data: { ...data, ...fields } };
}

/** A failed attempt that went back to the queue. */
export function failed(fields: Partial<DataOf<'TaskRequeued'>> = {}): EventOf<'TaskRequeued'> {
  const data = { runId, outcome: 'crashed', failures: 1, error: 'crashed: boom' } as const;
  return { type: 'TaskRequeued', data: { ...data, ...fields } };
}

/** The first run completed. */
export const completed: EventOf<'TaskCompleted'> = {
  type: 'TaskCompleted',
  data: { runId, summary: 'Two coats.' },
};
/** A question stops it. */
export const blocked: EventOf<'TaskBlocked'> = {
  type: 'TaskBlocked',
  data: { cause: 'needs_input', reason: 'Which colour?' },
};
/** The breaker stops it after two failures. */
export const halted: EventOf<'TaskHalted'> = {
  type: 'TaskHalted',
  data: {
    runId,
    outcome: 'crashed',
    failures: 2,
    limit: 2,
    limitFrom: 'policy',
    lastError: 'crashed: boom',
  },
};
/** The first run completed and asks for a look. */
export const inReview: EventOf<'ReviewRequested'> = {
  type: 'ReviewRequested',
  data: { runId, summary: 'Two coats.' },
};
/** It is put away. */
export const archived: EventOf<'TaskArchived'> = { type: 'TaskArchived', data: {} };
/** It is gone for good. */
export const tombstoned: EventOf<'TaskTombstoned'> = { type: 'TaskTombstoned', data: {} };

/** For every standing, a shortest story that ends there. */
export const storyOf: Readonly<Record<Standing['status'], readonly TaskEvent[]>> = {
  triage: [created({ triage: true })],
  queued: [created()],
  running: [created(), claimed()],
  review: [created(), claimed(), inReview],
  done: [created(), claimed(), completed],
  blocked: [created(), blocked],
  halted: [created(), claimed(), halted],
  archived: [created(), archived],
  tombstoned: [created(), archived, tombstoned],
};

/** A claim of the free task by the first run. */
export function claim(fields: Partial<CommandOf<'ClaimTask'>> = {}): CommandOf<'ClaimTask'> {
  const { claimTtlMs: ttlMs } = defaultPolicy;
  const terms = { runId, claimedBy: 'dispatcher', ttlMs, policy: runPolicy(defaultPolicy) };
  return { type: 'ClaimTask', ...terms, openParents: [], nowMs: storyAtMs, ...fields };
}

/** What the end of the first run means, drawn now under the default policy. */
export function conclude(
  ending: TerminalEvent,
  fields: Partial<CommandOf<'ConcludeRun'>> = {},
): CommandOf<'ConcludeRun'> {
  const facts = { endedBy: 'dispatcher', policy: defaultPolicy, nowMs: storyAtMs } as const;
  return { type: 'ConcludeRun', runId, ending, ...facts, ...fields };
}
