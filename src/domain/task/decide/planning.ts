/** Decisions about what a task is and when its turn comes. */
import { listItemsMax } from '../../limits.ts';
import { accept, type Decision, type Refusal, refuse } from '../../refusal.ts';
import { said } from '../../said.ts';
import type {
  AddParent,
  AssignTask,
  CreateTask,
  EditTask,
  RemoveParent,
  ReprioritizeTask,
  ScheduleTask,
  SpecifyTask,
} from '../commands.ts';
import type { TaskChanges, TaskEvent } from '../events.ts';
import type { Task, TaskState } from '../state.ts';
import { claimFacts, isOfAnother, ofAnother, wrongStatus } from './refusals.ts';

/** What a task has that was given no workspace, or whose workspace was cleared. */
const scratch = { kind: 'scratch' } as const;

/** A repeat with the same idempotency key finds its work done; any other id must be new. */
export function createTask(state: TaskState, command: CreateTask): Decision<TaskEvent> {
  const { fields, missingParents } = command;
  if (state !== undefined) {
    const isRepeat = fields.idempotencyKey !== undefined;
    if (isRepeat && state.idempotencyKey === fields.idempotencyKey) return accept();
    return refuse('already_exists', 'A task with this id exists already.', {
      hint: 'Leave the id out, or repeat with the same idempotency key.',
    });
  }
  if (missingParents.length > 0) {
    return refuse('no_such_parent', `Unknown parents: ${missingParents.join(', ')}.`, {
      hint: 'Create the parents first; nothing was created.',
      facts: { missingParents: [...missingParents] },
    });
  }
  const parents = fields.parents && [...new Set(fields.parents)];
  return accept({ type: 'TaskCreated', data: said({ ...fields, parents }) });
}

/**
 * Texts can change while a run is open; the next attempt sees them. Results only once there are
 * any.
 */
export function editTask(task: Task, command: EditTask): Decision<TaskEvent> {
  const { status } = task.standing;
  if (status === 'archived' || status === 'tombstoned') return wrongStatus(task, 'edit');
  if (touchesHandOff(command.changes) && status !== 'done' && status !== 'review') {
    return wrongStatus(task, 'edit the result');
  }
  const changes = news(task, command.changes);
  if (Object.keys(changes).length === 0) return accept();
  return accept({ type: 'TaskEdited', data: { changes } });
}

/** A run in progress keeps its assignee: take the task from it first. */
export function assignTask(task: Task, command: AssignTask): Decision<TaskEvent> {
  if (task.standing.status === 'running') {
    return refuse('already_claimed', 'Cannot assign: a run holds the task.', {
      hint: 'Use `logboard reassign --reclaim`, which ends the run first.',
      facts: claimFacts(task),
    });
  }
  if (isShelved(task)) return wrongStatus(task, 'assign');
  if (task.assignee === command.assignee) return accept();
  if (isOfAnother(task, command.expected)) return ofAnother(task, command.expected, 'assign');
  const { assignee, reason } = command;
  return accept({ type: 'TaskAssigned', data: said({ assignee, reason }) });
}

/** The higher number goes first. */
export function reprioritizeTask(task: Task, command: ReprioritizeTask): Decision<TaskEvent> {
  if (isShelved(task)) return wrongStatus(task, 'change the priority');
  if (task.priority === command.priority) return accept();
  return accept({ type: 'TaskReprioritized', data: { priority: command.priority } });
}

/** A schedule parks a queued task; on a running one the caller ends the run in the same append. */
export function scheduleTask(task: Task, command: ScheduleTask): Decision<TaskEvent> {
  const { status } = task.standing;
  if (status !== 'queued' && status !== 'running' && status !== 'triage') {
    return wrongStatus(task, 'schedule');
  }
  const { notBeforeMs, reason } = command;
  if (task.notBeforeMs === notBeforeMs) return accept();
  return accept({ type: 'TaskScheduled', data: said({ notBeforeMs, reason }) });
}

/** Dependencies form a graph without circles; a started run is not called back by a new parent. */
export function addParent(task: Task, command: AddParent): Decision<TaskEvent> {
  const { parentId } = command;
  const impossible = impossibleParent(command);
  if (impossible !== undefined) return impossible;
  if (task.parents.includes(parentId)) return accept();
  if (command.closesCycle) return closedCycle(command);
  const { status } = task.standing;
  if (status !== 'queued' && status !== 'triage' && status !== 'blocked' && status !== 'halted') {
    return wrongStatus(task, 'add a parent');
  }
  if (task.parents.length >= listItemsMax) {
    return refuse('invalid', `A task takes at most ${listItemsMax} parents.`, {
      hint: 'Put a task in between that gathers some of them.',
      facts: { parents: task.parents.length },
    });
  }
  return accept({ type: 'ParentAdded', data: { parentId } });
}

function impossibleParent({ taskId, parentId, parentExists }: AddParent): Refusal | undefined {
  const facts = { parentId };
  if (parentId === taskId) {
    const hint = 'Name another task as the parent.';
    return refuse('self_parent', 'A task cannot be its own parent.', { hint, facts });
  }
  if (parentExists) return undefined;
  const hint = 'Create the parent first.';
  return refuse('no_such_parent', `There is no task ${parentId} to be the parent.`, {
    hint,
    facts,
  });
}

function closedCycle({ taskId, parentId }: AddParent): Refusal {
  return refuse('cycle', `${parentId} depends on ${taskId} already.`, {
    hint: 'Remove one of the links in the circle with `logboard unlink`.',
    facts: { parentId, childId: taskId },
  });
}

/** A link that is not there needs no removal. */
export function removeParent(task: Task, command: RemoveParent): Decision<TaskEvent> {
  const { parentId } = command;
  if (!task.parents.includes(parentId)) return accept();
  return accept({ type: 'ParentRemoved', data: { parentId } });
}

/** Moves a task out of triage, with what was missing. */
export function specifyTask(task: Task, command: SpecifyTask): Decision<TaskEvent> {
  if (task.standing.status !== 'triage') return wrongStatus(task, 'specify');
  if (touchesHandOff(command.changes)) return wrongStatus(task, 'set the result');
  return accept({ type: 'TaskSpecified', data: { changes: news(task, command.changes) } });
}

function isShelved(task: Task): boolean {
  const { status } = task.standing;
  return status === 'archived' || status === 'tombstoned';
}

function touchesHandOff({ summary, result, metadata }: TaskChanges): boolean {
  return summary !== undefined || result !== undefined || metadata !== undefined;
}

/** The changes that would really change something. */
function news(task: Task, changes: TaskChanges): TaskChanges {
  const present: Record<string, unknown> = { ...task, ...task.handOff };
  const wanted = changes.workspace === null ? { ...changes, workspace: scratch } : changes;
  const entries = Object.entries(wanted).filter(
    ([key, value]) =>
      value !== undefined && JSON.stringify(value) !== JSON.stringify(present[key] ?? null),
  );
  return Object.fromEntries(entries) as TaskChanges;
}
