/**
 * Tasks and runs as the check of a log remembers them: a task without its long texts, all of an
 * open run, and of one that ended only how it did. A log has few open runs, and as many tasks and
 * ended runs as it is long.
 */
import type { Recorded } from '../domain/catalogue.ts';
import type { RunEvent, TerminalType } from '../domain/run/events.ts';
import { evolveRun, type OpenRun } from '../domain/run/state.ts';
import type { RunOutcome, TaskEvent } from '../domain/task/events.ts';
import { evolveTask, type Task, type TaskState } from '../domain/task/state.ts';

/** A run that is open, or what is remembered of one that is not. */
export type RememberedRun = OpenRun | RememberedEnd;

/** How a run ended. */
export interface RememberedEnd {
  readonly standing: 'ended';
  readonly type: TerminalType;
  readonly outcome: RunOutcome;
  /** How many beats it had, as its terminal event says. */
  readonly beats: number;
}

/** Folds an event into what is remembered of a task. */
export function evolveRememberedTask(before: TaskState, event: Recorded<TaskEvent>): Task {
  const task = evolveTask(before, event, event.meta);
  const { body, handOff, lastError } = task;
  const isShort = body === null && handOff === null && lastError === null;
  return isShort ? task : { ...task, body: null, handOff: null, lastError: null };
}

/** Folds an event into what is remembered of a run; nothing that comes after the end changes it. */
export function evolveRememberedRun(
  before: RememberedRun | undefined,
  event: Recorded<RunEvent>,
): RememberedRun {
  if (before?.standing === 'ended') return before;
  const run = evolveRun(before, event, event.meta);
  if (run.standing === 'open') return run;
  const { standing, ending, outcome } = run;
  return { standing, type: ending.type, outcome, beats: ending.data.heartbeats.count };
}
