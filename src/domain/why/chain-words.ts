/** The events of a chain in a few words each: short enough to stand beside each other. */
import type { Recorded } from '../catalogue.ts';
import type { RunEvent } from '../run/events.ts';
import type { TaskEvent } from '../task/events.ts';

type Told = TaskEvent | RunEvent;
type Words = { readonly [T in Told['type']]: (data: Extract<Told, { type: T }>['data']) => string };

const words: Words = {
  TaskCreated: () => 'created',
  TaskEdited: () => 'edited',
  TaskAssigned: ({ assignee }) => `assigned to ${assignee ?? 'nobody'}`,
  TaskReprioritized: ({ priority }) => `priority ${priority}`,
  TaskScheduled: ({ notBeforeMs }) => (notBeforeMs === null ? 'schedule lifted' : 'scheduled'),
  ParentAdded: ({ parentId }) => `waits for ${parentId}`,
  ParentRemoved: ({ parentId }) => `waits no longer for ${parentId}`,
  TaskSpecified: () => 'specified',
  TaskClaimed: ({ attempt }) => `claimed (try ${attempt})`,
  LeaseExtended: () => 'lease renewed',
  TaskRequeued: ({ hold }) => (hold === undefined ? 'back in the queue' : `held (${spoken(hold)})`),
  TaskCompleted: () => 'done',
  TaskBlocked: () => 'blocked',
  TaskUnblocked: () => 'unblocked',
  TaskHalted: () => 'halted',
  TaskResumed: () => 'resumed',
  ReviewRequested: () => 'review asked for',
  ReviewApproved: () => 'approved',
  ReviewRejected: () => 'rejected',
  TaskPromoted: ({ forced }) => (forced ? 'promoted by force' : 'promoted'),
  TaskReopened: () => 'reopened',
  FailuresReset: () => 'failures forgiven',
  TaskArchived: () => 'archived',
  TaskRestored: () => 'restored',
  TaskTombstoned: () => 'removed',
  RunOpened: ({ attempt }) => `opened (try ${attempt})`,
  WorkerSpawned: ({ pid }) => `spawned as ${pid}`,
  WorkerStarted: () => 'started',
  HeartbeatRecorded: () => 'heartbeat',
  UsageRecorded: () => 'usage',
  RunCompleted: () => 'completed',
  RunBlocked: () => 'blocked by its worker',
  RunReleased: () => 'given back',
  RunReclaimed: () => 'reclaimed',
  RunCrashed: () => 'crashed',
  RunTimedOut: () => 'timed out',
  RunWentStale: () => 'went stale',
  SpawnFailed: () => 'spawn failed',
  ProtocolViolated: () => 'left without an answer',
  RunRateLimited: () => 'rate limited',
  RunCanceled: () => 'canceled',
};

/** What happened, in a few words. */
export function linkWords(event: Recorded<TaskEvent> | Recorded<RunEvent>): string {
  return (words[event.type] as (data: typeof event.data) => string)(event.data);
}

function spoken(code: string): string {
  return code.replaceAll('_', ' ');
}
