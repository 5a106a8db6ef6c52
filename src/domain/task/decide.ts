/** The task decider: routes each command to the one function that knows its rule. */
import { type Decision, refuse } from '../refusal.ts';
import type { TaskCommand } from './commands.ts';
import { claimTask, concludeRun, extendLease } from './decide/attempts.ts';
import {
  addParent,
  assignTask,
  createTask,
  editTask,
  removeParent,
  reprioritizeTask,
  scheduleTask,
  specifyTask,
} from './decide/planning.ts';
import {
  archiveTask,
  forgetTask,
  resetFailures,
  restoreTask,
  tombstoneTask,
} from './decide/shelving.ts';
import {
  approveReview,
  blockTask,
  completeTask,
  promoteTask,
  rejectReview,
  reopenTask,
  unblockTask,
} from './decide/verdicts.ts';
import type { TaskEvent } from './events.ts';
import type { Task, TaskState } from './state.ts';

/** Decides a command on a task: events to append, nothing to do, or a refusal. */
export function decideTask(state: TaskState, command: TaskCommand): Decision<TaskEvent> {
  if (command.type === 'CreateTask') return createTask(state, command);
  if (state === undefined) {
    return refuse('no_such_task', 'There is no task with this id.', {
      hint: 'List the tasks with `logboard list --archived`.',
    });
  }
  return decideExisting(state, command);
}

type Later = Exclude<TaskCommand, { type: 'CreateTask' }>;

function decideExisting(task: Task, command: Later): Decision<TaskEvent> {
  switch (command.type) {
    case 'EditTask':
      return editTask(task, command);
    case 'AssignTask':
      return assignTask(task, command);
    case 'ReprioritizeTask':
      return reprioritizeTask(task, command);
    case 'ScheduleTask':
      return scheduleTask(task, command);
    case 'AddParent':
      return addParent(task, command);
    case 'RemoveParent':
      return removeParent(task, command);
    case 'SpecifyTask':
      return specifyTask(task, command);
    case 'ClaimTask':
      return claimTask(task, command);
    case 'ExtendLease':
      return extendLease(task, command);
    case 'ConcludeRun':
      return concludeRun(task, command);
    case 'CompleteTask':
      return completeTask(task, command);
    case 'BlockTask':
      return blockTask(task, command);
    case 'UnblockTask':
      return unblockTask(task, command);
    case 'ApproveReview':
      return approveReview(task, command);
    case 'RejectReview':
      return rejectReview(task, command);
    case 'PromoteTask':
      return promoteTask(task, command);
    case 'ReopenTask':
      return reopenTask(task, command);
    case 'ResetFailures':
      return resetFailures(task, command);
    case 'ArchiveTask':
      return archiveTask(task, command);
    case 'RestoreTask':
      return restoreTask(task, command);
    case 'TombstoneTask':
      return tombstoneTask(task, command);
    case 'ForgetTask':
      return forgetTask(task, command);
  }
}
