/** Commands on tasks: gather the facts, decide, append. */
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { TaskCommand } from '../domain/task/commands.ts';
import type { BlockCause, HandOff, TaskChanges } from '../domain/task/events.ts';
import { needsPerson, peopleOnly } from '../domain/task/people.ts';
import { createTask, type NewTask } from './create-task.ts';
import { linkTasks } from './link-tasks.ts';
import { decideOn, readParents, withFacts, writeAt } from './plans.ts';
import type { Session } from './session.ts';
import { blockTask, completeTask } from './settle-task.ts';
import { type TaskAnswer, taskPlan } from './task-plan.ts';
import { taskWrites } from './task-writes.ts';

/** A person's wish to start a task's turn now. */
export interface Promotion {
  /** Past parents that are not done. */
  readonly forced: boolean;
  readonly reason?: string | undefined;
}

/** A person's word on work under review; a rejection needs its reason. */
export interface Verdict {
  readonly approve: boolean;
  readonly reason?: string | undefined;
}

export type TaskCommands = ReturnType<typeof createTaskCommands>;

/** The commands on tasks, in the name of one caller. */
export function createTaskCommands(session: Session) {
  const by = session.caller.actor.id;
  const decide = (taskId: string, command: TaskCommand, reason: string) =>
    decideAndWrite(session, taskId, { command, reason });
  return {
    create: (fields: NewTask) => createTask(session, fields),
    link: (parentId: string, childId: string) => linkTasks(session, parentId, childId),
    complete: (taskId: string, handOff: HandOff) => completeTask(session, taskId, handOff),
    block: (taskId: string, why: { cause: BlockCause; reason: string }) =>
      blockTask(session, taskId, why),
    promote: (taskId: string, how: Promotion) => promoteTask(session, taskId, how),
    review: (taskId: string, verdict: Verdict) => reviewTask(session, taskId, verdict),
    unlink: (parentId: string, childId: string) =>
      decide(childId, { type: 'RemoveParent', parentId }, `unlinked by ${by}`),
    edit: (taskId: string, changes: TaskChanges) =>
      decide(taskId, { type: 'EditTask', changes }, `edited by ${by}`),
    specify: (taskId: string, changes: TaskChanges) =>
      decide(taskId, { type: 'SpecifyTask', changes }, `specified by ${by}`),
    /** With `expected`, refused where the task is another's by now. */
    assign: (taskId: string, assignee: string | null, reason?: string, expected?: string | null) =>
      decide(taskId, { type: 'AssignTask', assignee, reason, expected }, `assigned by ${by}`),
    reprioritize: (taskId: string, priority: number) =>
      decide(taskId, { type: 'ReprioritizeTask', priority }, `reprioritized by ${by}`),
    schedule: (taskId: string, notBeforeMs: number | null, reason?: string) =>
      decide(taskId, { type: 'ScheduleTask', notBeforeMs, reason }, `scheduled by ${by}`),
    unblock: (taskId: string, reason?: string) =>
      decide(taskId, { type: 'UnblockTask', reason }, `unblocked by ${by}`),
    reopen: (taskId: string, reason?: string) =>
      decide(taskId, { type: 'ReopenTask', reason }, `reopened by ${by}`),
    resetFailures: (taskId: string, reason?: string) =>
      decide(taskId, { type: 'ResetFailures', reason }, `forgiven by ${by}`),
    archive: (taskId: string, reason?: string) =>
      decide(taskId, { type: 'ArchiveTask', reason }, `archived by ${by}`),
    restore: (taskId: string, reason?: string) =>
      decide(taskId, { type: 'RestoreTask', reason }, `restored by ${by}`),
    tombstone: (taskId: string, reason?: string) =>
      decide(taskId, { type: 'TombstoneTask', reason }, `removed by ${by}`),
    /** The tombstone alone, for whoever destroys the key: the text is still there. */
    markForgotten: async (taskId: string, reason?: string) =>
      peopleOnly('have a task forgotten', session.caller.actor) ??
      decide(taskId, { type: 'ForgetTask', reason }, `forgotten by ${by}`),
  };
}

/** Decides one command on one task; `reason` is what a run is told that loses its task by it. */
function decideAndWrite(
  session: Session,
  taskId: string,
  wanted: { command: TaskCommand; reason: string },
): Promise<TaskAnswer | Refusal> {
  const { caller } = session;
  return session.execute<TaskAnswer>(caller, async ({ nowMs, loader }) => {
    const loaded = await loader.task(taskId);
    const decision = decideOn(taskId, loaded, wanted.command);
    if (decision.refused) return decision;
    const objection = needsPerson(decision.events, caller.actor);
    if (objection !== undefined) return withFacts(objection, { taskId });
    const { events } = decision;
    const decided = { taskId, events, caller, nowMs, reason: wanted.reason };
    return taskPlan(taskId, loaded, await taskWrites(loader, loaded, decided));
  });
}

function promoteTask(
  session: Session,
  taskId: string,
  how: Promotion,
): Promise<TaskAnswer | Refusal> {
  return session.execute<TaskAnswer>(session.caller, async ({ loader }) => {
    const loaded = await loader.task(taskId);
    const parents = await readParents(loader, loaded.state ?? { parents: [], waivedParents: [] });
    const command = { type: 'PromoteTask' as const, ...how, openParents: parents.open };
    const decision = decideOn(taskId, loaded, command);
    if (decision.refused) return decision;
    return taskPlan(taskId, loaded, [writeAt(loaded, decision.events)]);
  });
}

function reviewTask(
  session: Session,
  taskId: string,
  verdict: Verdict,
): Promise<TaskAnswer | Refusal> {
  const { approve, reason } = verdict;
  if (approve) {
    const command = { type: 'ApproveReview' as const, reason };
    return decideAndWrite(session, taskId, { command, reason: 'approved' });
  }
  if (reason !== undefined) {
    const command = { type: 'RejectReview' as const, reason };
    return decideAndWrite(session, taskId, { command, reason: 'rejected' });
  }
  const refusal = refuse('invalid', 'A rejection needs a reason for the next attempt.', {
    hint: 'Say why with --reason.',
    facts: { taskId },
  });
  return Promise.resolve(refusal);
}
