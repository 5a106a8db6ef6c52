/**
 * Decisions of people about a task's outcome: complete, block, unblock, review, promote, reopen.
 */
import { accept, type Decision, refuse } from '../../refusal.ts';
import { said } from '../../said.ts';
import type {
  ApproveReview,
  BlockTask,
  CompleteTask,
  PromoteTask,
  RejectReview,
  ReopenTask,
  UnblockTask,
} from '../commands.ts';
import type { TaskEvent } from '../events.ts';
import type { Task } from '../state.ts';
import { parentsOpen, wrongStatus } from './refusals.ts';

/**
 * An operator declares the task done; a run in progress is ended by the caller in the same append.
 */
export function completeTask(task: Task, command: CompleteTask): Decision<TaskEvent> {
  const { status } = task.standing;
  if (status === 'done') {
    return refuse('already_done', 'The task is done already.', {
      hint: 'Change its result with `logboard edit`, or reopen it with `logboard reopen`.',
    });
  }
  const isOpen = status === 'queued' || status === 'running' || status === 'blocked';
  if (!isOpen && status !== 'halted') return wrongStatus(task, 'complete');
  if (status === 'queued' && command.openParents.length > 0) {
    return parentsOpen(command.openParents, 'complete');
  }
  const runId = status === 'running' ? undefined : command.recordRunId;
  return accept({ type: 'TaskCompleted', data: said({ ...command.handOff, runId }) });
}

/** An operator stops the task until somebody unblocks it. */
export function blockTask(task: Task, command: BlockTask): Decision<TaskEvent> {
  const { status } = task.standing;
  if (status !== 'queued' && status !== 'running' && status !== 'triage') {
    return wrongStatus(task, 'block');
  }
  const { cause, reason } = command;
  const runId = status === 'running' ? undefined : command.recordRunId;
  return accept({ type: 'TaskBlocked', data: said({ runId, cause, reason }) });
}

/** Lifts whatever a person can lift: a block, the breaker's halt, a schedule or a hold. */
export function unblockTask(task: Task, command: UnblockTask): Decision<TaskEvent> {
  const { reason } = command;
  switch (task.standing.status) {
    case 'blocked':
      return accept({ type: 'TaskUnblocked', data: said({ reason }) });
    case 'halted':
      return accept({ type: 'TaskResumed', data: said({ reason }) });
    case 'queued':
      if (task.notBeforeMs === null) return wrongStatus(task, 'unblock');
      return accept({ type: 'TaskScheduled', data: said({ notBeforeMs: null, reason }) });
    default:
      return wrongStatus(task, 'unblock');
  }
}

/** Accepts the work under review: the task is done. */
export function approveReview(task: Task, command: ApproveReview): Decision<TaskEvent> {
  if (task.standing.status !== 'review') return wrongStatus(task, 'approve');
  return accept({ type: 'ReviewApproved', data: said({ reason: command.reason }) });
}

/** Sends the work under review back to the queue, with the reason for the next attempt. */
export function rejectReview(task: Task, command: RejectReview): Decision<TaskEvent> {
  if (task.standing.status !== 'review') return wrongStatus(task, 'reject');
  return accept({ type: 'ReviewRejected', data: { reason: command.reason } });
}

/** Starts a task's turn now: out of triage, past its hold, and with force past its parents. */
export function promoteTask(task: Task, command: PromoteTask): Decision<TaskEvent> {
  const { status } = task.standing;
  if (status !== 'queued' && status !== 'triage') return wrongStatus(task, 'promote');
  const { forced, openParents, reason } = command;
  if (openParents.length > 0 && !forced) return parentsOpen(openParents, 'promote');
  const waivedParents = [...new Set([...task.waivedParents, ...openParents])];
  const isHeld = task.notBeforeMs !== null || waivedParents.length > task.waivedParents.length;
  if (status === 'queued' && !isHeld) return accept();
  return accept({ type: 'TaskPromoted', data: said({ forced, waivedParents, reason }) });
}

/** Puts a finished task back into the queue. */
export function reopenTask(task: Task, command: ReopenTask): Decision<TaskEvent> {
  if (task.standing.status !== 'done') return wrongStatus(task, 'reopen');
  return accept({ type: 'TaskReopened', data: said({ reason: command.reason }) });
}
