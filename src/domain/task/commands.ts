/**
 * What may be asked of a task. Commands carry every fact a decision needs (other tasks, the clock,
 * the policy), so that deciding needs nothing but the state and the command.
 */
import type * as z from 'zod';
import type { Actor } from '../event.ts';
import type { JsonObject } from '../limits.ts';
import type { Policy, RunPolicy } from '../policy.ts';
import type { Excusable } from '../run/commands.ts';
import type { TerminalEvent } from '../run/events.ts';
import { type BlockCause, type HandOff, type TaskChanges, taskEvents } from './events.ts';

/** What a door may say when it creates a task; also the payload of `TaskCreated`. */
export const createTaskSchema = taskEvents.TaskCreated.schema;
export type CreateTaskInput = z.infer<typeof createTaskSchema>;

interface Reasoned {
  readonly reason?: string | undefined;
}

/** Makes a new task. */
export interface CreateTask {
  readonly type: 'CreateTask';
  readonly fields: CreateTaskInput;
  /** Parents in `fields` that do not exist. */
  readonly missingParents: readonly string[];
}
/** Changes what a task says, or the result of a finished one. */
export interface EditTask {
  readonly type: 'EditTask';
  readonly changes: TaskChanges;
}
/** Names who should do the task; null names nobody. */
export interface AssignTask extends Reasoned {
  readonly type: 'AssignTask';
  readonly assignee: string | null;
  /** Whose it was when this was decided; undefined where the last word is to count. */
  readonly expected?: string | null | undefined;
}
/** Moves the task in the queue. */
export interface ReprioritizeTask {
  readonly type: 'ReprioritizeTask';
  readonly priority: number;
}
/** Keeps the task from starting before a time. */
export interface ScheduleTask extends Reasoned {
  readonly type: 'ScheduleTask';
  /** Earliest start, UTC ms; null lifts the schedule. */
  readonly notBeforeMs: number | null;
}
/** Makes the task wait for another. */
export interface AddParent {
  readonly type: 'AddParent';
  readonly taskId: string;
  readonly parentId: string;
  readonly parentExists: boolean;
  readonly closesCycle: boolean;
}
/** Stops the task from waiting for another. */
export interface RemoveParent {
  readonly type: 'RemoveParent';
  readonly parentId: string;
}
/** Says what was missing and moves the task out of triage. */
export interface SpecifyTask {
  readonly type: 'SpecifyTask';
  readonly changes: TaskChanges;
}
/** Takes the task for a new run. */
export interface ClaimTask {
  readonly type: 'ClaimTask';
  readonly runId: string;
  readonly claimedBy: string;
  readonly host?: string | undefined;
  readonly ttlMs: number;
  /** Whose the claimer takes the task to be; undefined where that does not matter. */
  readonly assignee?: string | null | undefined;
  readonly policy: RunPolicy;
  readonly openParents: readonly string[];
  readonly nowMs: number;
}
/** A dispatcher vouches for a silent run whose worker it can see. */
export interface ExtendLease {
  readonly type: 'ExtendLease';
  readonly runId: string;
  readonly ttlMs: number;
  readonly reason: string;
  readonly evidence: JsonObject;
}
/** The task's share of a run's end; anybody may send it, and only the first one counts. */
export interface ConcludeRun extends Excusable {
  readonly type: 'ConcludeRun';
  readonly runId: string;
  readonly ending: TerminalEvent;
  readonly endedBy: Actor['kind'];
  readonly policy: Policy;
  readonly nowMs: number;
}
/** An operator declares the task done. */
export interface CompleteTask {
  readonly type: 'CompleteTask';
  /** The zero-length run that keeps the hand-off, when no run is open. */
  readonly recordRunId?: string | undefined;
  readonly handOff: HandOff;
  readonly openParents: readonly string[];
}
/** An operator stops the task. */
export interface BlockTask {
  readonly type: 'BlockTask';
  readonly recordRunId?: string | undefined;
  readonly cause: BlockCause;
  readonly reason: string;
}
/** A person lifts a block, a halt or a hold. */
export interface UnblockTask extends Reasoned {
  readonly type: 'UnblockTask';
}
/** A person accepts the work under review. */
export interface ApproveReview extends Reasoned {
  readonly type: 'ApproveReview';
}
/** A person sends the work under review back. */
export interface RejectReview {
  readonly type: 'RejectReview';
  readonly reason: string;
}
/** A person starts the task's turn now. */
export interface PromoteTask extends Reasoned {
  readonly type: 'PromoteTask';
  readonly forced: boolean;
  readonly openParents: readonly string[];
}
/** A person puts a finished task back into the queue. */
export interface ReopenTask extends Reasoned {
  readonly type: 'ReopenTask';
}
/** A person forgives the failures so far. */
export interface ResetFailures extends Reasoned {
  readonly type: 'ResetFailures';
}
/** Puts the task away. */
export interface ArchiveTask extends Reasoned {
  readonly type: 'ArchiveTask';
}
/** Brings an archived task back to where it stood. */
export interface RestoreTask extends Reasoned {
  readonly type: 'RestoreTask';
}
/** Removes an archived task from sight for good. */
export interface TombstoneTask extends Reasoned {
  readonly type: 'TombstoneTask';
}
/** Removes a task for good, and has its text forgotten. */
export interface ForgetTask extends Reasoned {
  readonly type: 'ForgetTask';
}

/** Anything that may be asked of a task. */
export type TaskCommand =
  | CreateTask
  | EditTask
  | AssignTask
  | ReprioritizeTask
  | ScheduleTask
  | AddParent
  | RemoveParent
  | SpecifyTask
  | ClaimTask
  | ExtendLease
  | ConcludeRun
  | CompleteTask
  | BlockTask
  | UnblockTask
  | ApproveReview
  | RejectReview
  | PromoteTask
  | ReopenTask
  | ResetFailures
  | ArchiveTask
  | RestoreTask
  | TombstoneTask
  | ForgetTask;
