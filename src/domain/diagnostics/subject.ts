/** What the rules look at: one task with everything that is known about it, and what is around. */
import type { Policy } from '../policy.ts';
import type { Status } from '../readiness.ts';
import type { RunOutcome } from '../task/events.ts';
import type { Task } from '../task/state.ts';

/** An attempt that is over. */
export interface Attempt {
  readonly runId: string;
  readonly outcome: RunOutcome;
  readonly endedAtMs: number;
}

/** What is known about the run that holds a running task. */
export interface Holder {
  /** Null while the run is open. */
  readonly endedAtMs: number | null;
  /** Until when its silence is no reason to worry. */
  readonly leaseUntilMs: number;
}

/** Writes of one run that were refused, lately. */
export interface RefusalTally {
  readonly runId: string;
  readonly count: number;
  /** There were more: from some number on they are only counted. */
  readonly isAtLeast: boolean;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** A parent that a task still waits for. */
export interface OpenParent {
  readonly taskId: string;
  readonly status: Status;
  /** Since when it is stopped, if it is. */
  readonly stoppedAtMs: number | null;
}

/** A task, and what the streams around it say. Times are wall clock, UTC ms. */
export interface Subject {
  readonly taskId: string;
  readonly task: Task;
  /** What people see now. */
  readonly status: Status;
  /** Since when it is ready; null unless it is. */
  readonly becameReadyAtMs: number | null;
  /** Since when it is in triage, blocked or halted; null unless it is. */
  readonly stoppedAtMs: number | null;
  /** When blocks and halts were lifted, oldest first; the last few. */
  readonly releasedAtMs: readonly number[];
  readonly lastCommentAtMs: number | null;
  /** Attempts that are over, newest first; the last few, without those that only keep a record. */
  readonly attempts: readonly Attempt[];
  /** Null when the task is not running, or claimed by a run that nobody has heard of. */
  readonly holder: Holder | null;
  readonly refusals: readonly RefusalTally[];
  readonly openParents: readonly OpenParent[];
  /** Ids of tasks in the hand-off that do not exist. */
  readonly phantoms: readonly string[];
  readonly lane: Lane;
}

/** The assignee of a task, or who gets it by default, as the board and the fleet know it. */
export interface Lane {
  readonly assignee: string | null;
  /** When anybody last claimed a task of this assignee; null: never. */
  readonly lastClaimAtMs: number | null;
  /** A dispatcher serves it, by its own word. */
  readonly isServed: boolean;
  /** Known assignee with the most similar name; null when the name is known, or none is near. */
  readonly meant: string | null;
}

/** The part of a worker definition that the rules look at. */
export interface KnownWorker {
  /** What its worker can load; undefined when nobody says. */
  readonly skills?: readonly string[] | undefined;
}

/** What holds for all tasks of a board. */
export interface Surroundings {
  readonly nowMs: number;
  readonly policy: Pick<Policy, 'failureLimit'>;
  /** By assignee; null when the configuration could not be read. */
  readonly workers: Readonly<Record<string, KnownWorker>> | null;
  readonly isPaused: boolean;
  /** A dispatcher has started and not said goodbye. */
  readonly hasDispatcher: boolean;
}

/** When a rule begins to speak. Durations are ms. */
export const thresholds = {
  crashes: 2,
  /** Blocked, halted or in triage without a word. */
  quietMs: 24 * 3_600_000,
  readyMs: 30 * 60_000,
  cycles: 3,
  cyclesWithinMs: 24 * 3_600_000,
  /** How long a dispatcher may take to settle a claim whose lease or run is over. */
  settleMs: 60_000,
  refusals: 3,
  refusalsWithinMs: 24 * 3_600_000,
  /** A lane where nobody claimed for so long is nobody's. */
  laneMs: 24 * 3_600_000,
} as const;

/** Whether somebody may still work on the task, now or later. */
export function isOpen({ status }: Pick<Subject, 'status'>): boolean {
  return !['review', 'done', 'archived', 'tombstoned'].includes(status);
}

/** The last time anything was said about a task that is stopped; null when it is not. */
export function quietSinceMs({ stoppedAtMs, lastCommentAtMs }: Subject): number | null {
  return stoppedAtMs === null ? null : Math.max(stoppedAtMs, lastCommentAtMs ?? 0);
}
