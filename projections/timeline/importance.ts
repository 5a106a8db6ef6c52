/** How much an event matters to somebody who reads the story of a board. */
import type { EventType, Recorded } from '../../src/domain/catalogue.ts';
import { typesOf } from '../projection.ts';

/** 1 chatter, 2 a normal step, 3 look here: failures, refusals, and people stepping in. */
export type Importance = 1 | 2 | 3;

/** `steering` is 2, and 3 when a person does it; null has no row at all. */
type Weight = Importance | 'steering' | null;

const weights: Readonly<Record<EventType, Weight>> = {
  TaskCreated: 2,
  TaskEdited: 2,
  TaskAssigned: 2,
  TaskReprioritized: 2,
  TaskScheduled: 2,
  ParentAdded: 2,
  ParentRemoved: 2,
  TaskSpecified: 2,
  TaskClaimed: 2,
  LeaseExtended: 1,
  TaskRequeued: 2,
  TaskCompleted: 'steering',
  TaskBlocked: 'steering',
  TaskUnblocked: 'steering',
  TaskHalted: 3,
  TaskResumed: 'steering',
  ReviewRequested: 2,
  ReviewApproved: 'steering',
  ReviewRejected: 'steering',
  TaskPromoted: 'steering',
  TaskReopened: 'steering',
  FailuresReset: 'steering',
  TaskArchived: 2,
  TaskRestored: 2,
  TaskTombstoned: 'steering',

  // TaskClaimed has said it.
  RunOpened: null,
  WorkerSpawned: 1,
  WorkerStarted: 2,
  HeartbeatRecorded: null,
  UsageRecorded: null,
  // TaskCompleted and TaskBlocked say it.
  RunCompleted: null,
  RunBlocked: null,
  RunReleased: 'steering',
  RunReclaimed: 3,
  RunCrashed: 3,
  RunTimedOut: 3,
  RunWentStale: 3,
  SpawnFailed: 3,
  ProtocolViolated: 3,
  RunRateLimited: 3,
  RunCanceled: 'steering',

  CommentAdded: 2,

  BoardCreated: 2,
  BoardRenamed: 2,
  PolicyChanged: 'steering',
  BoardPaused: 'steering',
  BoardResumed: 'steering',
  // Upkeep, in pieces, and no part of anybody's story.
  LogThinned: null,
  LogSegmented: null,
  LogSealed: 1,

  DispatcherStarted: 2,
  DispatcherStopped: 2,

  WriteRefused: 3,
  RefusalsSummarized: 3,
};

/** The types of the events that have a row. */
export const notableTypes = typesOf(weights).filter((type) => weights[type] !== null);

/** How much an event matters; null when it has no row. */
export function importanceOf(event: Recorded): Importance | null {
  const weight = weights[event.type];
  if (weight !== 'steering') return weight;
  return event.meta.actor.kind === 'human' ? 3 : 2;
}
