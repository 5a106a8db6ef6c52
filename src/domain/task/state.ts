/**
 * A task as its events tell it: facts that every task has, and a standing, which is a union of
 * shapes so that no status carries another's facts.
 */
import type { FoldMeta } from '../event.ts';
import type { Interruption, RunPolicy } from '../policy.ts';
import { said } from '../said.ts';
import { type Budget, budgetOf } from './budget.ts';
import type { BlockCause, HandOff, Hold, TaskChanges, TaskEvent } from './events.ts';

/** Where a worker works; see `workspaceSchema`. */
export interface Workspace {
  readonly kind: 'scratch' | 'dir' | 'worktree';
  readonly path?: string | undefined;
}

/** What every existing task has, whatever its status. Absent facts are null. */
export interface TaskFacts {
  readonly title: string;
  readonly body: string | null;
  readonly assignee: string | null;
  readonly priority: number;
  readonly tenant: string | null;
  readonly parents: readonly string[];
  readonly workspace: Workspace;
  readonly branch: string | null;
  readonly skills: readonly string[];
  readonly model: string | null;
  readonly maxRuntimeMs: number | null;
  readonly maxRetries: number | null;
  readonly idempotencyKey: string | null;
  readonly workflowTemplateId: string | null;
  readonly stepKey: string | null;
  readonly createdBy: string;
  readonly createdAtMs: number;
  /** Attempts so far, the open one included. */
  readonly attempts: number;
  /** Consecutive failures; only success or a person clears them. */
  readonly failures: number;
  /** Runs since then that ended without success and without failure, by kind. */
  readonly interruptions: Interruptions;
  readonly lastError: string | null;
  /** Earliest start, UTC ms, and why; null when the task may start at once. */
  readonly notBeforeMs: number | null;
  readonly hold: Hold | null;
  /** Parents that a forced promotion told the task not to wait for. */
  readonly waivedParents: readonly string[];
  /** Hand-off of the last completed attempt. */
  readonly handOff: HandOff | null;
}

/** How many of each kind. */
export type Interruptions = Readonly<Record<Interruption, number>>;

/** The run that holds a task, and its lease. */
export interface Claim {
  readonly runId: string;
  readonly attempt: number;
  readonly claimedBy: string;
  readonly host: string | null;
  readonly ttlMs: number;
  readonly policy: RunPolicy;
  readonly claimedAtMs: number;
  /** Wall clock of the last extension, or of the claim. */
  readonly extendedAtMs: number;
}

/** Stopped until somebody unblocks it. */
export interface Blocked {
  readonly status: 'blocked';
  readonly cause: BlockCause;
  readonly reason: string;
  /** Present when it was never specified: unblocked, it is in triage again. */
  readonly fromTriage?: true;
}

/** Where a task stands while nobody works on it; archived tasks return to the one they had. */
export type RestingStanding =
  | { readonly status: 'triage' }
  | { readonly status: 'queued' }
  | { readonly status: 'review' }
  | { readonly status: 'done'; readonly doneAtMs: number }
  | Blocked
  | { readonly status: 'halted'; readonly limit: number; readonly budget: Budget };

/**
 * Where a task stands. `queued` is one status here and three for people: waiting, scheduled or
 * ready depend on other tasks and the clock (`readiness.ts`), so no fold of one stream can tell.
 */
export type Standing =
  | RestingStanding
  | { readonly status: 'running'; readonly claim: Claim }
  | { readonly status: 'archived'; readonly before: RestingStanding }
  | {
      readonly status: 'tombstoned';
      readonly before: RestingStanding;
      /** Who had its text forgotten, when (wall clock, UTC ms) and why; absent when it was not. */
      readonly forgotten?: Forgotten;
    };

/** The end of a task's text. */
export interface Forgotten {
  readonly by: string;
  readonly atMs: number;
  readonly reason: string | null;
}

/** A task: its facts and where it stands. */
export interface Task extends TaskFacts {
  readonly standing: Standing;
}

/** Undefined: no such task. */
export type TaskState = Task | undefined;

/** Folds one event into the state. */
export function evolveTask(state: TaskState, event: TaskEvent, meta: FoldMeta): Task {
  if (event.type === 'TaskCreated') return created(event.data, meta);
  if (state === undefined) throw new Error(`${event.type} before TaskCreated`);
  return evolveExisting(state, event, meta);
}

type DataOf<T extends TaskEvent['type']> = Extract<TaskEvent, { type: T }>['data'];
type Later = Exclude<TaskEvent, { type: 'TaskCreated' }>;

const queued = { status: 'queued' } as const;
const unheld = { notBeforeMs: null, hold: null } as const;
/** Nothing counts against the task. */
const forgiven = {
  failures: 0,
  interruptions: { recoveries: 0, releases: 0, holds: 0 },
  lastError: null,
} as const;

function created(data: DataOf<'TaskCreated'>, meta: FoldMeta): Task {
  return {
    title: data.title,
    body: data.body ?? null,
    assignee: data.assignee ?? null,
    priority: data.priority ?? 0,
    tenant: data.tenant ?? null,
    parents: data.parents ?? [],
    workspace: data.workspace ?? { kind: 'scratch' },
    branch: data.branch ?? null,
    skills: data.skills ?? [],
    model: data.model ?? null,
    maxRuntimeMs: data.maxRuntimeMs ?? null,
    maxRetries: data.maxRetries ?? null,
    idempotencyKey: data.idempotencyKey ?? null,
    workflowTemplateId: data.workflowTemplateId ?? null,
    stepKey: data.stepKey ?? null,
    createdBy: data.createdBy,
    createdAtMs: meta.at,
    attempts: 0,
    ...forgiven,
    notBeforeMs: data.notBeforeMs ?? null,
    hold: data.notBeforeMs === undefined ? null : 'schedule',
    waivedParents: [],
    handOff: null,
    standing: firstStanding(data),
  };
}

function firstStanding(data: DataOf<'TaskCreated'>): Standing {
  const first = data.triage === true ? ({ status: 'triage' } as const) : queued;
  if (data.initialBlock === undefined) return first;
  return blockedFrom(first, { cause: 'operator', reason: data.initialBlock });
}

function evolveExisting(task: Task, event: Later, meta: FoldMeta): Task {
  switch (event.type) {
    case 'TaskEdited':
      return edited(task, event.data.changes);
    case 'TaskAssigned':
      return { ...task, assignee: event.data.assignee };
    case 'TaskReprioritized':
      return { ...task, priority: event.data.priority };
    case 'TaskScheduled':
      return scheduled(task, event.data.notBeforeMs);
    case 'ParentAdded':
      return { ...task, parents: [...task.parents, event.data.parentId] };
    case 'ParentRemoved':
      return withoutParent(task, event.data.parentId);
    case 'TaskSpecified':
      return { ...edited(task, event.data.changes), standing: queued };
    case 'TaskClaimed':
      return claimed(task, event.data, meta);
    case 'LeaseExtended':
      return extended(task, event.data, meta);
    case 'TaskRequeued':
      return requeued(task, event.data, meta);
    case 'TaskCompleted':
      return completed(task, event.data, meta);
    case 'TaskBlocked':
      return blocked(task, event.data);
    case 'TaskHalted':
      return halted(task, event.data, meta);
    case 'TaskUnblocked':
      return { ...task, ...unheld, standing: unblocked(task.standing) };
    case 'TaskResumed':
      return { ...task, ...forgiven, ...unheld, standing: queued };
    case 'ReviewRequested':
      return reviewRequested(task, event.data);
    case 'ReviewApproved':
      return { ...task, standing: { status: 'done', doneAtMs: meta.at } };
    case 'ReviewRejected':
      return { ...task, standing: queued };
    case 'TaskPromoted':
      return { ...task, ...unheld, waivedParents: event.data.waivedParents, standing: queued };
    case 'TaskReopened':
      return { ...task, standing: queued };
    case 'FailuresReset':
      return { ...task, ...forgiven };
    case 'TaskArchived':
      return { ...task, standing: archived(task.standing) };
    case 'TaskRestored':
      return { ...task, standing: restored(task.standing) };
    case 'TaskTombstoned':
      return { ...task, standing: tombstoned(task.standing, event.data, meta) };
  }
}

/** A parent that is linked again later counts again, even if this task once skipped it. */
function withoutParent(task: Task, parentId: string): Task {
  const others = (ids: readonly string[]) => ids.filter((id) => id !== parentId);
  return { ...task, parents: others(task.parents), waivedParents: others(task.waivedParents) };
}

/** A zero-length run that only keeps a hand-off counts as an attempt as well. */
function attemptsAfter(task: Task, runId: string | undefined): number {
  const isRecord = runId !== undefined && task.standing.status !== 'running';
  return task.attempts + (isRecord ? 1 : 0);
}

function blocked(task: Task, data: DataOf<'TaskBlocked'>): Task {
  const attempts = attemptsAfter(task, data.runId);
  return { ...task, attempts, standing: blockedFrom(task.standing, data) };
}

function blockedFrom(
  before: Standing,
  { cause, reason }: Pick<DataOf<'TaskBlocked'>, 'cause' | 'reason'>,
): Blocked {
  const fromTriage = before.status === 'triage' ? ({ fromTriage: true } as const) : {};
  return { status: 'blocked', cause, reason, ...fromTriage };
}

function unblocked(standing: Standing): RestingStanding {
  const isUnspecified = standing.status === 'blocked' && standing.fromTriage === true;
  return isUnspecified ? { status: 'triage' } : queued;
}

function edited(task: Task, changes: TaskChanges): Task {
  const { summary, result, metadata, workspace, ...plain } = changes;
  const hand = said({ summary, result, metadata });
  return {
    ...task,
    ...said(plain),
    ...(workspace === undefined ? {} : { workspace: workspace ?? { kind: 'scratch' } }),
    ...(Object.keys(hand).length === 0 ? {} : { handOff: mergeHandOff(task.handOff, hand) }),
  };
}

function mergeHandOff(before: HandOff | null, changes: Record<string, unknown>): HandOff | null {
  const entries = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null);
  return entries.length === 0 ? null : (Object.fromEntries(entries) as HandOff);
}

function handOffOf(data: DataOf<'TaskCompleted'>): HandOff | null {
  const { runId: _runId, ...hand } = data;
  return Object.keys(hand).length === 0 ? null : hand;
}

function scheduled(task: Task, notBeforeMs: number | null): Task {
  // A schedule takes a running task back to the queue: whoever set it ended the run as well.
  const standing = task.standing.status === 'running' ? queued : task.standing;
  return { ...task, notBeforeMs, hold: notBeforeMs === null ? null : 'schedule', standing };
}

function claimed(task: Task, data: DataOf<'TaskClaimed'>, meta: FoldMeta): Task {
  const claim: Claim = {
    runId: data.runId,
    attempt: data.attempt,
    claimedBy: data.claimedBy,
    host: data.host ?? null,
    ttlMs: data.ttlMs,
    policy: data.policy,
    claimedAtMs: meta.at,
    extendedAtMs: meta.at,
  };
  return { ...task, ...unheld, attempts: data.attempt, standing: { status: 'running', claim } };
}

function extended(task: Task, data: DataOf<'LeaseExtended'>, meta: FoldMeta): Task {
  if (task.standing.status !== 'running') return task;
  const claim = { ...task.standing.claim, ttlMs: data.ttlMs, extendedAtMs: meta.at };
  return { ...task, standing: { status: 'running', claim } };
}

function requeued(task: Task, data: DataOf<'TaskRequeued'>, meta: FoldMeta): Task {
  return {
    ...task,
    failures: data.failures,
    interruptions: counted(task, budgetOf(task.failures, data, meta.actor.kind)),
    lastError: data.error ?? task.lastError,
    notBeforeMs: data.notBeforeMs ?? null,
    hold: data.hold ?? null,
    standing: queued,
  };
}

function completed(task: Task, data: DataOf<'TaskCompleted'>, meta: FoldMeta): Task {
  const standing = { status: 'done', doneAtMs: meta.at } as const;
  const attempts = attemptsAfter(task, data.runId);
  return { ...task, ...forgiven, ...unheld, attempts, handOff: handOffOf(data), standing };
}

function halted(task: Task, data: DataOf<'TaskHalted'>, meta: FoldMeta): Task {
  const { failures, lastError, limit } = data;
  const budget = budgetOf(task.failures, data, meta.actor.kind) ?? 'failures';
  const standing = { status: 'halted', limit, budget } as const;
  return { ...task, failures, interruptions: counted(task, budget), lastError, standing };
}

function counted({ interruptions }: Task, budget: Budget | undefined): Interruptions {
  if (budget === undefined || budget === 'failures') return interruptions;
  return { ...interruptions, [budget]: interruptions[budget] + 1 };
}

function reviewRequested(task: Task, data: DataOf<'ReviewRequested'>): Task {
  return { ...task, ...forgiven, handOff: handOffOf(data), standing: { status: 'review' } };
}

function archived(standing: Standing): Extract<Standing, { status: 'archived' }> {
  // Whoever archives a running task ended its run as well; restored, it queues again.
  if (standing.status === 'running') return { status: 'archived', before: queued };
  const isShelved = standing.status === 'archived' || standing.status === 'tombstoned';
  return { status: 'archived', before: isShelved ? standing.before : standing };
}

function tombstoned(
  standing: Standing,
  { forgotten }: DataOf<'TaskTombstoned'>,
  { actor, at: atMs }: FoldMeta,
): Standing {
  const { before } = archived(standing);
  if (forgotten === undefined) return { status: 'tombstoned', before };
  const { reason = null } = forgotten;
  return { status: 'tombstoned', before, forgotten: { by: actor.id, atMs, reason } };
}

function restored(standing: Standing): Standing {
  return standing.status === 'archived' ? standing.before : standing;
}
