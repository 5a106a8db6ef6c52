/** Kinds of entries of the timeline as people type them: short names, or types of events. */

import { derivedKinds } from '../app/derived-facts.ts';
import { didYouMean } from '../nearest.ts';
import { entryKinds } from './timeline-words.ts';
import { UsageError } from './usage-error.ts';

const types = [...entryKinds, ...derivedKinds];

/** Short names, and what each of them stands for. */
export const shortKinds: Readonly<Record<string, readonly string[]>> = {
  created: ['TaskCreated'],
  ready: ['became_ready', 'came_due'],
  waiting: ['began_to_wait'],
  claimed: ['TaskClaimed'],
  started: ['WorkerSpawned', 'WorkerStarted'],
  extended: ['LeaseExtended'],
  suspect: ['became_suspect', 'showed_life'],
  requeued: ['TaskRequeued'],
  done: ['TaskCompleted'],
  blocked: ['TaskBlocked', 'TaskUnblocked'],
  halted: ['TaskHalted', 'TaskResumed', 'FailuresReset'],
  review: ['ReviewRequested', 'ReviewApproved', 'ReviewRejected'],
  edited: ['TaskEdited', 'TaskAssigned', 'TaskReprioritized', 'TaskScheduled', 'TaskSpecified'],
  linked: ['ParentAdded', 'ParentRemoved'],
  promoted: ['TaskPromoted', 'TaskReopened'],
  reclaimed: ['RunReclaimed', 'RunWentStale', 'RunCanceled'],
  failed: ['RunCrashed', 'RunTimedOut', 'SpawnFailed', 'ProtocolViolated'],
  limited: ['RunRateLimited'],
  released: ['RunReleased'],
  refused: ['WriteRefused', 'RefusalsSummarized'],
  comments: ['CommentAdded'],
  archived: ['TaskArchived', 'TaskRestored', 'TaskTombstoned'],
  policy: ['PolicyChanged', 'BoardPaused', 'BoardResumed'],
  board: ['BoardCreated', 'BoardRenamed', 'LogSealed'],
  dispatchers: ['DispatcherStarted', 'DispatcherStopped'],
};

/** The types that these words stand for. Throws `UsageError` with the nearest known word. */
export function timelineKindsOf(words: readonly string[]): readonly string[] {
  return [...new Set(words.flatMap(kindsOf))];
}

function kindsOf(word: string): readonly string[] {
  const wanted = word.toLowerCase().replaceAll('-', '_');
  const short = shortKinds[wanted];
  if (short !== undefined) return short;
  const type = types.find((known) => known.toLowerCase() === wanted);
  if (type !== undefined) return [type];
  const known = [...Object.keys(shortKinds), ...types];
  const hint = didYouMean(wanted, known);
  const isFar = hint.startsWith('Known');
  throw new UsageError(
    `The timeline has no “${word}”.`,
    isFar ? `Known: ${Object.keys(shortKinds).join(', ')}, and types of events.` : hint,
  );
}
