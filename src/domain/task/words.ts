/** What people said about a task by what they did to it: the reasons of their acts. */
import type { Recorded } from '../catalogue.ts';
import type { Actor } from '../event.ts';
import { forgottenText } from '../personal.ts';

/** An act on a task, and why. */
export interface TaskWord {
  /** Where it stands in the log: the lower, the older. */
  readonly position: number;
  readonly actor: Actor;
  readonly act: 'blocked' | 'unblocked' | 'rejected' | 'reopened' | 'reclaimed';
  /** Null when none was given, or it was forgotten. */
  readonly reason: string | null;
  /** The run whose result was turned down, or that lost the task by it; null when there is none. */
  readonly runId: string | null;
}

type Saying = Pick<TaskWord, 'act'> & { readonly reason: string | undefined };

/**
 * The acts in the events of a task's own stream, oldest first. Reclaims are not among them: their
 * reasons stand in the streams of the runs.
 */
export function wordsIn(events: readonly Recorded[]): readonly TaskWord[] {
  const words: TaskWord[] = [];
  let delivered: string | null = null;
  for (const event of events) {
    if (event.type === 'TaskClaimed' || event.type === 'TaskCompleted') {
      delivered = event.data.runId ?? delivered;
    }
    const saying = sayingOf(event);
    if (saying === undefined) continue;
    const { act } = saying;
    const runId = act === 'rejected' || act === 'reopened' ? delivered : null;
    const { position, meta } = event;
    words.push({ position, actor: meta.actor, act, reason: legible(saying.reason), runId });
  }
  return words;
}

/** A reason as it can be told: of a forgotten one there is nothing to tell. */
export function legible(reason: string | undefined): string | null {
  return reason === undefined || reason === '' || reason === forgottenText ? null : reason;
}

/** Whether somebody acted from outside: neither a worker nor the machinery that runs workers. */
export function isOutside({ kind }: Actor): boolean {
  return kind !== 'worker' && kind !== 'dispatcher';
}

function sayingOf({ type, data, meta }: Recorded): Saying | undefined {
  switch (type) {
    case 'TaskCreated':
      return data.initialBlock === undefined
        ? undefined
        : { act: 'blocked', reason: data.initialBlock };
    case 'TaskBlocked':
      // A worker's own question is told with its attempt.
      return isOutside(meta.actor) ? { act: 'blocked', reason: data.reason } : undefined;
    case 'TaskUnblocked':
    case 'TaskResumed':
      return { act: 'unblocked', reason: data.reason };
    case 'TaskScheduled':
      // What `unblock` makes of a hold.
      return data.notBeforeMs === null ? { act: 'unblocked', reason: data.reason } : undefined;
    case 'ReviewRejected':
      return { act: 'rejected', reason: data.reason };
    case 'TaskReopened':
      return { act: 'reopened', reason: data.reason };
    default:
      return undefined;
  }
}
