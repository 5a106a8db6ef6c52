/** Puts a board together: the facade that every door and the dispatcher hold. */
import type { Queries } from '../../projections/index.ts';
import type { Projections } from '../../projections/run.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Clock } from '../log/ports.ts';
import type { Board } from './board-face.ts';
import { readingsOf } from './board-readings.ts';
import { createCommands } from './commands.ts';
import { boardAt } from './past-board.ts';
import type { BoardIds } from './session.ts';
import { createSessions } from './sessions.ts';
import { createTally } from './tally.ts';

export type { Board } from './board-face.ts';

/** The parts a board is made of. */
export interface BoardParts {
  readonly log: EventLog;
  readonly projections: Projections;
  readonly clock: Clock;
  readonly ids: BoardIds;
  /** The policy in force; the defaults when left out. */
  readonly policy?: () => Policy;
  /** Sees the processes of this host; left out, only the log tells of dispatchers. */
  readonly probeDispatcher?: Board['probeDispatcher'];
}

/** A board over these parts. */
export function createBoard(parts: BoardParts): Board {
  const { log, projections, clock, ids, probeDispatcher } = parts;
  const policy = parts.policy ?? (() => defaultPolicy);
  const tally = createTally();
  const sessionOf = createSessions({ log, clock, ids, policy, tally });

  async function read(): Promise<Queries> {
    await projections.catchUp();
    return projections.queries;
  }

  const board: Board = {
    log,
    projections,
    policy,
    tally: () => tally,
    as: (caller) => createCommands(sessionOf(caller)),
    read,
    nowMs: () => clock.nowMs(),
    ...readingsOf({ log, read, nowMs: () => clock.nowMs() }, probeDispatcher),
    close: async () => {
      projections.close();
      await log.close();
    },
    at: (point, onProgress) => boardAt(board, point, onProgress),
  };
  return board;
}
