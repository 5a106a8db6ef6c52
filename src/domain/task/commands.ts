/**
 * What may be asked of a task. Commands carry every fact a decision needs (other tasks, the clock,
 * the policy), so that deciding needs nothing but the state and the command.
 */
import type { z } from 'zod';
import type { JsonObject } from '../limits.ts';
import type { Policy, RunPolicy } from '../policy.ts';
import type { TerminalEvent } from '../run/events.ts';
import { type BlockCause, type HandOff, type TaskChanges, taskEvents } from './events.ts';

/** What a door may say when it creates a task; also the payload of `TaskCreated`. */
export const createTaskSchema = taskEvents.TaskCreated.schema;
export type CreateTaskInput = z.infer<typeof createTaskSchema>;

interface Reasoned {
  readonly reason?: string | undefined;
}

export interface CreateTask {
  readonly type: 'CreateTask';
  readonly fields: CreateTaskInput;
  /** Parents in `fields` that do not exist. */
  readonly missingParents: readonly string[];
}
export interface EditTask {
  readonly type: 'EditTask';
  readonly changes: TaskChanges;
}
export interface AssignTask extends Reasoned {
  readonly type: 'AssignTask';
  readonly assignee: string | null;
}
export interface ReprioritizeTask {
  readonly type: 'ReprioritizeTask';
  readonly priority: number;
}
export interface ScheduleTask extends Reasoned {
  readonly type: 'ScheduleTask';
  /** Earliest start, UTC ms; null lifts the schedule. */
  readonly notBeforeMs: number | null;
}
export interface AddParent {
  readonly type: 'AddParent';
  readonly taskId: string;
  readonly parentId: string;
  readonly parentExists: boolean;
  readonly closesCycle: boolean;
}
export interface RemoveParent {
  readonly type: 'RemoveParent';
  readonly parentId: string;
}
export interface SpecifyTask {
  readonly type: 'SpecifyTask';
  readonly changes: TaskChanges;
}
export interface ClaimTask {
  readonly type: 'ClaimTask';
  readonly runId: string;
  readonly claimedBy: string;
  readonly host?: string | undefined;
  readonly ttlMs: number;
  readonly policy: RunPolicy;
  readonly openParents: readonly string[];
  readonly nowMs: number;
}
export interface ExtendLease {
  readonly type: 'ExtendLease';
  readonly runId: string;
  readonly ttlMs: number;
  readonly reason: string;
  readonly evidence: JsonObject;
}
/** The task's share of a run's end; anybody may send it, and only the first one counts. */
export interface ConcludeRun {
  readonly type: 'ConcludeRun';
  readonly runId: string;
  readonly ending: TerminalEvent;
  readonly policy: Policy;
  readonly nowMs: number;
}
export interface CompleteTask {
  readonly type: 'CompleteTask';
  /** The zero-length run that keeps the hand-off, when no run is open. */
  readonly recordRunId?: string | undefined;
  readonly handOff: HandOff;
  readonly openParents: readonly string[];
}
export interface BlockTask {
  readonly type: 'BlockTask';
  readonly recordRunId?: string | undefined;
  readonly cause: BlockCause;
  readonly reason: string;
}
export interface UnblockTask extends Reasoned {
  readonly type: 'UnblockTask';
}
export interface ApproveReview extends Reasoned {
  readonly type: 'ApproveReview';
}
export interface RejectReview {
  readonly type: 'RejectReview';
  readonly reason: string;
}
export interface PromoteTask extends Reasoned {
  readonly type: 'PromoteTask';
  readonly forced: boolean;
  readonly openParents: readonly string[];
}
export interface ReopenTask extends Reasoned {
  readonly type: 'ReopenTask';
}
export interface ResetFailures extends Reasoned {
  readonly type: 'ResetFailures';
}
export interface ArchiveTask extends Reasoned {
  readonly type: 'ArchiveTask';
}
export interface RestoreTask extends Reasoned {
  readonly type: 'RestoreTask';
}
export interface TombstoneTask extends Reasoned {
  readonly type: 'TombstoneTask';
}

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
  | TombstoneTask;
