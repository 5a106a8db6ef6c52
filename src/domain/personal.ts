/**
 * Which fields of an event are text about a task that somebody wrote: what `privacy.encrypt` seals
 * and `forget` removes. Everything else stays readable: ids, names, numbers, statuses, times, and
 * the evidence decisions rest on. A test holds this table against the schemas, so that no new
 * field is overlooked.
 */
import type { EventType } from './catalogue.ts';

/** What a field holds, and so what stands there once it is forgotten. */
export type PersonalKind = 'text' | 'object' | 'list';

/** The personal fields of one event type, by their path in the payload (`changes.title`). */
export type PersonalFields = Readonly<Record<string, PersonalKind>>;

/** What takes the place of a text that was forgotten. */
export const forgottenText = '[forgotten]';

/** A value that fits the field and says nothing, for when the real one is gone. */
export function forgottenValue(kind: PersonalKind): unknown {
  return kind === 'text' ? forgottenText : kind === 'list' ? [] : {};
}

const none: PersonalFields = {};
const reason: PersonalFields = { reason: 'text' };
const error: PersonalFields = { error: 'text' };
const handOff: PersonalFields = {
  summary: 'text',
  result: 'text',
  metadata: 'object',
  artifacts: 'list',
};
const changes: PersonalFields = {
  'changes.title': 'text',
  'changes.body': 'text',
  'changes.summary': 'text',
  'changes.result': 'text',
  'changes.metadata': 'object',
};

/** The personal fields of every event type. */
export const personalFields: Readonly<Record<EventType, PersonalFields>> = {
  TaskCreated: { title: 'text', body: 'text', idempotencyKey: 'text', initialBlock: 'text' },
  TaskEdited: changes,
  TaskAssigned: reason,
  TaskReprioritized: none,
  TaskScheduled: reason,
  ParentAdded: none,
  ParentRemoved: none,
  TaskSpecified: changes,
  TaskClaimed: none,
  LeaseExtended: reason,
  TaskRequeued: error,
  TaskCompleted: handOff,
  TaskBlocked: reason,
  TaskUnblocked: reason,
  TaskHalted: { lastError: 'text' },
  TaskResumed: reason,
  ReviewRequested: handOff,
  ReviewApproved: reason,
  ReviewRejected: reason,
  TaskPromoted: reason,
  TaskReopened: reason,
  FailuresReset: reason,
  TaskArchived: reason,
  TaskRestored: reason,
  // Why it was forgotten stands in `forgotten`: that is about the forgetting, and stays.
  TaskTombstoned: reason,

  RunOpened: none,
  WorkerSpawned: none,
  WorkerStarted: none,
  HeartbeatRecorded: { note: 'text' },
  UsageRecorded: { metadata: 'object' },
  RunCompleted: handOff,
  RunBlocked: reason,
  RunReleased: reason,
  RunReclaimed: reason,
  RunCrashed: error,
  RunTimedOut: none,
  RunWentStale: none,
  SpawnFailed: error,
  ProtocolViolated: none,
  RunRateLimited: none,
  RunCanceled: reason,

  CommentAdded: { body: 'text' },
  WriteRefused: { preview: 'text' },
  RefusalsSummarized: none,

  // What is said about the board belongs to no task, and has no key to go with.
  BoardCreated: none,
  BoardRenamed: none,
  PolicyChanged: none,
  BoardPaused: none,
  BoardResumed: none,
  LogSealed: none,
  LogThinned: none,
  LogSegmented: none,
  DispatcherStarted: none,
  DispatcherStopped: none,
};
