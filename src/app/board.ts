/** The board: the facade that every door and the dispatcher hold. */
import type { Queries } from '../../projections/index.ts';
import type { Projections } from '../../projections/run.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EventLog, Position } from '../log/event-log.ts';
import type { Clock } from '../log/ports.ts';
import { type Commands, createCommands } from './commands.ts';
import { buildContext } from './context.ts';
import type { Caller } from './plan.ts';
import type { BoardIds } from './session.ts';
import { createSessions } from './sessions.ts';

/** The parts a board is made of. */
export interface BoardParts {
  readonly log: EventLog;
  readonly projections: Projections;
  readonly clock: Clock;
  readonly ids: BoardIds;
  /** The policy in force; the defaults when left out. */
  readonly policy?: () => Policy;
}

/** A board, open. */
export interface Board {
  readonly log: EventLog;
  readonly projections: Projections;
  /** The moment looked at (UTC ms) and its position, when this is a board of the past. */
  readonly past?: { readonly position: Position; readonly atMs: number };
  policy(): Policy;
  /** The commands, in the name of a caller; every event they append carries it. */
  as(caller: Caller): Commands;
  /** The queries, on tables that contain everything appended before the call. */
  read(): Promise<Queries>;
  /** The context a worker on this task is shown, as Markdown. */
  context(taskId: string): Promise<string | Refusal>;
  /** The wall clock, UTC ms; on a board of the past, the moment looked at. */
  nowMs(): number;
  close(): Promise<void>;
}

/** A board over these parts. */
export function createBoard(parts: BoardParts): Board {
  const { log, projections, clock, ids } = parts;
  const policy = parts.policy ?? (() => defaultPolicy);
  const sessionOf = createSessions({ log, clock, ids, policy });

  async function read(): Promise<Queries> {
    await projections.catchUp();
    return projections.queries;
  }

  return {
    log,
    projections,
    policy,
    as: (caller) => createCommands(sessionOf(caller)),
    read,
    context: async (taskId) => buildContext(await read(), taskId, clock.nowMs()),
    nowMs: () => clock.nowMs(),
    close: async () => {
      projections.close();
      await log.close();
    },
  };
}
