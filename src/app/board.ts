/** The board: the facade that every door and the dispatcher hold. Writes through commands, reads fresh. */

import type { Queries } from '../../projections/index.ts';
import type { Projections } from '../../projections/run.ts';
import type { BoardCommand } from '../domain/board/state.ts';
import { decideBoard } from '../domain/board/state.ts';
import { streams } from '../domain/catalogue.ts';
import type { DispatcherEvent } from '../domain/dispatcher/events.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import { codec } from '../log/codec.ts';
import type { EventLog, Position } from '../log/event-log.ts';
import type { Clock } from '../log/ports.ts';
import { buildContext } from './context.ts';
import { type Caller, createExecute } from './execute.ts';
import { createLoader } from './load.ts';
import { noSuchTask, writeAt } from './plans.ts';
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

/** The answer to commands that are not about one task's stream. */
export interface PlainAnswer {
  readonly refused: false;
  readonly position: Position;
  readonly changed: boolean;
}

/** A comment on a task. */
export interface Comment {
  readonly body: string;
  /** Default: the caller. */
  readonly author?: string;
  /** The run that writes it, when a worker does. */
  readonly runId?: string;
}

/** Everything one caller may do. */
export interface Commands extends TaskCommands, RunCommands {
  comment(taskId: string, comment: Comment): Promise<PlainAnswer | Refusal>;
  /** Renames, pauses or resumes the board, or records its policy. */
  changeBoard(command: BoardCommand): Promise<PlainAnswer | Refusal>;
  /** A dispatcher announces itself or says goodbye. */
  recordDispatcher(dispatcherId: string, event: DispatcherEvent): Promise<PlainAnswer | Refusal>;
}

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
      comment: (taskId, comment) => addComment(caller, taskId, comment),
      changeBoard: (command) => changeBoard(caller, command),
      recordDispatcher: (dispatcherId, event) => recordDispatcher(caller, dispatcherId, event),
    };
  }

  function addComment(caller: Caller, taskId: string, comment: Comment) {
    return execute<PlainAnswer>(caller, async () => {
      const task = await loader.task(taskId);
      if (task.state === undefined) return noSuchTask(taskId);
      const data = { ...comment, author: comment.author ?? caller.actor.id };
      const events = [{ type: 'CommentAdded' as const, data }];
      const writes = [{ stream: streams.note(taskId), expected: 'any' as const, events }];
      return { refused: false, writes, answer: plainAnswer };
    });
  }

  function changeBoard(caller: Caller, command: BoardCommand) {
    return execute<PlainAnswer>(caller, async () => {
      const loaded = await loader.board();
      const decision = decideBoard(loaded.state, command);
      if (decision.refused) return decision;
      return { refused: false, writes: [writeAt(loaded, decision.events)], answer: plainAnswer };
    });
  }

  function recordDispatcher(caller: Caller, dispatcherId: string, event: DispatcherEvent) {
    return execute<PlainAnswer>(caller, async () => {
      const stream = streams.dispatcher(dispatcherId);
      const writes = [{ stream, expected: 'any' as const, events: [event] }];
      return { refused: false, writes, answer: plainAnswer };
    });
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

function plainAnswer(stored: { position: Position | undefined }): PlainAnswer {
  return {
    refused: false,
    position: stored.position ?? 0,
    changed: stored.position !== undefined,
  };
}
