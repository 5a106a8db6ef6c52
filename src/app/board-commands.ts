/** Commands that concern no single task's stream: comments, the board itself, its dispatchers. */
import { type BoardCommand, decideBoard } from '../domain/board/state.ts';
import { streams } from '../domain/catalogue.ts';
import type { DispatcherEvent } from '../domain/dispatcher/events.ts';
import type { Refusal } from '../domain/refusal.ts';
import { wrongStatus } from '../domain/task/decide/refusals.ts';
import type { Position } from '../log/event-log.ts';
import { noSuchTask, writeAt } from './plans.ts';
import { type Seal, sealWrite } from './seal-log.ts';
import type { Session } from './session.ts';

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

/** The commands beside those on tasks and runs. */
export type BoardCommands = ReturnType<typeof createBoardCommands>;

/** The commands, in the name of one caller. */
export function createBoardCommands(session: Session) {
  return {
    comment: (taskId: string, comment: Comment) => addComment(session, taskId, comment),
    /** Renames, pauses or resumes the board, or records its policy. */
    changeBoard: (command: BoardCommand) => changeBoard(session, command),
    /** Seals the log, unless that was done not long ago. */
    sealLog: (seal: Seal) => sealLog(session, seal),
    /** A dispatcher announces itself or says goodbye. */
    recordDispatcher: (dispatcherId: string, event: DispatcherEvent) =>
      recordDispatcher(session, dispatcherId, event),
  };
}

function addComment(
  { execute, caller }: Session,
  taskId: string,
  comment: Comment,
): Promise<PlainAnswer | Refusal> {
  return execute<PlainAnswer>(caller, async ({ loader }) => {
    const task = await loader.task(taskId);
    if (task.state === undefined) return noSuchTask(taskId);
    const { standing } = task.state;
    const isForgotten = standing.status === 'tombstoned' && standing.forgotten !== undefined;
    if (isForgotten) return wrongStatus(task.state, 'comment');
    const data = { ...comment, author: comment.author ?? caller.actor.id };
    const events = [{ type: 'CommentAdded' as const, data }];
    const writes = [{ stream: streams.note(taskId), expected: 'any' as const, events }];
    return { refused: false, writes, answer: plainAnswer };
  });
}

function changeBoard(
  { execute, caller }: Session,
  command: BoardCommand,
): Promise<PlainAnswer | Refusal> {
  return execute<PlainAnswer>(caller, async ({ loader }) => {
    const loaded = await loader.board();
    const decision = decideBoard(loaded.state, command);
    if (decision.refused) return decision;
    return { refused: false, writes: [writeAt(loaded, decision.events)], answer: plainAnswer };
  });
}

function sealLog({ execute, caller, log }: Session, seal: Seal): Promise<PlainAnswer | Refusal> {
  return execute<PlainAnswer>(caller, async ({ nowMs }) => {
    const write = await sealWrite(log, seal, nowMs);
    return { refused: false, writes: write === undefined ? [] : [write], answer: plainAnswer };
  });
}

function recordDispatcher(
  { execute, caller }: Session,
  dispatcherId: string,
  event: DispatcherEvent,
): Promise<PlainAnswer | Refusal> {
  return execute<PlainAnswer>(caller, async () => {
    const stream = streams.dispatcher(dispatcherId);
    const writes = [{ stream, expected: 'any' as const, events: [event] }];
    return { refused: false, writes, answer: plainAnswer };
  });
}

function plainAnswer(stored: { position: Position | undefined }): PlainAnswer {
  return {
    refused: false,
    position: stored.position ?? 0,
    changed: stored.position !== undefined,
  };
}
