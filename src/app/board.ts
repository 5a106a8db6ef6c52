/**
 * The board: the facade that every door and the dispatcher hold. Writes through commands, reads
 * fresh.
 */

import type { Queries } from '../../projections/index.ts';
import type { Projections } from '../../projections/run.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import { codec } from '../log/codec.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Clock } from '../log/ports.ts';
import { type BoardCommands, createBoardCommands } from './board-commands.ts';
import { buildContext } from './context.ts';
import { createExecute } from './execute.ts';
import { createLoader } from './load.ts';
import type { Caller } from './plan.ts';
import { createRecordRefusal } from './refused.ts';
import { createRunCommands, type RunCommands } from './run-commands.ts';
import type { BoardIds, Session } from './session.ts';
import { createTaskCommands, type TaskCommands } from './task-commands.ts';

/** The parts a board is made of. */
export interface BoardParts {
  readonly log: EventLog;
  readonly projections: Projections;
  readonly clock: Clock;
  readonly ids: BoardIds;
  /** The policy in force; the defaults when left out. */
  readonly policy?: () => Policy;
}

/** Everything one caller may do. */
export type Commands = TaskCommands & RunCommands & BoardCommands;

/** A board, open. */
export interface Board {
  readonly log: EventLog;
  readonly projections: Projections;
  policy(): Policy;
  /** The commands, in the name of a caller; every event they append carries it. */
  as(caller: Caller): Commands;
  /** The queries, on tables that contain everything appended before the call. */
  read(): Promise<Queries>;
  /** The context a worker on this task is shown, as Markdown. */
  context(taskId: string): Promise<string | Refusal>;
  nowMs(): number;
  close(): Promise<void>;
}

/** A board over these parts. */
export function createBoard(parts: BoardParts): Board {
  const { log, projections, clock, ids } = parts;
  const policy = parts.policy ?? (() => defaultPolicy);
  const loader = createLoader({ log, codec });
  const execute = createExecute({ log, codec, clock, newId: ids.commandId });
  const recordRefusal = createRecordRefusal({ execute, loader, log, codec });

  function as(caller: Caller): Commands {
    const session: Session = { execute, loader, caller, ids, policy, recordRefusal };
    return {
      ...createTaskCommands(session),
      ...createRunCommands(session),
      ...createBoardCommands(session),
    };
  }

  async function read(): Promise<Queries> {
    await projections.catchUp();
    return projections.queries;
  }

  return {
    log,
    projections,
    policy,
    as,
    read,
    context: async (taskId) => buildContext(await read(), taskId, clock.nowMs()),
    nowMs: () => clock.nowMs(),
    close: async () => {
      projections.close();
      await log.close();
    },
  };
}
