/** Decisions about putting a task away, bringing it back, and forgiving its failures. */
import { accept, type Decision } from '../../refusal.ts';
import { said } from '../../said.ts';
import type {
  ArchiveTask,
  ForgetTask,
  ResetFailures,
  RestoreTask,
  TombstoneTask,
} from '../commands.ts';
import type { TaskEvent } from '../events.ts';
import type { Task } from '../state.ts';
import { wrongStatus } from './refusals.ts';

/** Any task can be archived; a run in progress is ended by the caller in the same append. */
export function archiveTask(task: Task, command: ArchiveTask): Decision<TaskEvent> {
  const { status } = task.standing;
  if (status === 'archived' || status === 'tombstoned') return accept();
  return accept({ type: 'TaskArchived', data: said({ reason: command.reason }) });
}

/** Brings an archived task back to where it stood. */
export function restoreTask(task: Task, command: RestoreTask): Decision<TaskEvent> {
  if (task.standing.status !== 'archived') return wrongStatus(task, 'restore');
  return accept({ type: 'TaskRestored', data: said({ reason: command.reason }) });
}

/** Removes an archived task from sight for good; its events stay in the log. */
export function tombstoneTask(task: Task, command: TombstoneTask): Decision<TaskEvent> {
  const { status } = task.standing;
  if (status === 'tombstoned') return accept();
  if (status !== 'archived') return wrongStatus(task, 'remove');
  return accept({ type: 'TaskTombstoned', data: said({ reason: command.reason }) });
}

/**
 * Removes a task for good from wherever it stands, and says that its text is forgotten. A run in
 * progress goes on writing: it has to end first.
 */
export function forgetTask(task: Task, command: ForgetTask): Decision<TaskEvent> {
  const { standing } = task;
  if (standing.status === 'running') return wrongStatus(task, 'forget');
  const isTombstoned = standing.status === 'tombstoned';
  if (isTombstoned && standing.forgotten !== undefined) return accept();
  const isShelved = isTombstoned || standing.status === 'archived';
  const shelved: readonly TaskEvent[] = isShelved ? [] : [{ type: 'TaskArchived', data: {} }];
  const forgotten = said({ reason: command.reason });
  return accept(...shelved, { type: 'TaskTombstoned', data: { forgotten } });
}

/** Clears all counts against the task; a halted one stays halted until it is resumed. */
export function resetFailures(task: Task, command: ResetFailures): Decision<TaskEvent> {
  const counts = [task.failures, ...Object.values(task.interruptions)];
  if (counts.every((count) => count === 0)) return accept();
  return accept({ type: 'FailuresReset', data: said({ reason: command.reason }) });
}
