/** A run of no length, which keeps what somebody said about a task that no run held. */
import { streams } from '../domain/catalogue.ts';
import type { RunEvent } from '../domain/run/events.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import type { PlannedWrite } from './plan.ts';

/** The word, as the task's stream has it; one on a running task names no run. */
export type Word = Extract<TaskEvent, { type: 'TaskCompleted' | 'TaskBlocked' }>;

/** Whose word it is, and which attempt at the task it counts as. */
export interface WordOf {
  readonly taskId: string;
  readonly claimedBy: string;
  readonly attempt: number;
}

/** The run that a word names, to be written; undefined when there is none, or it names none. */
export function recordRun(word: Word | undefined, of: WordOf): PlannedWrite | undefined {
  if (word?.data.runId === undefined) return undefined;
  const opened = { ...of, kind: 'record' as const, ttlMs: 1 };
  return {
    stream: streams.run(word.data.runId),
    expected: 'no_stream',
    events: [{ type: 'RunOpened', data: opened }, endingOf(word)],
  };
}

/** Whether an event is such a word. */
export function isWord(event: TaskEvent): event is Word {
  return event.type === 'TaskCompleted' || event.type === 'TaskBlocked';
}

function endingOf(word: Word): RunEvent {
  const heartbeats = { count: 0, maxGapMs: 0 };
  if (word.type === 'TaskBlocked') {
    const { cause, reason } = word.data;
    return { type: 'RunBlocked', data: { heartbeats, cause, reason } };
  }
  const { runId: _runId, ...handOff } = word.data;
  return { type: 'RunCompleted', data: { heartbeats, ...handOff, review: false } };
}
