/**
 * A run as the check of a log remembers it: all of an open one, and of one that ended only how it
 * did. A log has few open runs and as many ended ones as it is long.
 */
import type { Recorded } from '../domain/catalogue.ts';
import type { RunEvent, TerminalType } from '../domain/run/events.ts';
import { evolveRun, type OpenRun } from '../domain/run/state.ts';
import type { RunOutcome } from '../domain/task/events.ts';

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

/** Folds an event into what is remembered; nothing that comes after the end changes it. */
export function evolveRemembered(
  before: RememberedRun | undefined,
  event: Recorded<RunEvent>,
): RememberedRun {
  if (before?.standing === 'ended') return before;
  const run = evolveRun(before, event, event.meta);
  if (run.standing === 'open') return run;
  const { standing, ending, outcome } = run;
  return { standing, type: ending.type, outcome, beats: ending.data.heartbeats.count };
}
