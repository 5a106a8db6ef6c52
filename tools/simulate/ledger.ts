/**
 * What the log has said so far, kept in plain maps. It shares no code with the folds of the board,
 * and so none of their mistakes: whoever watches compares the two.
 */
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from '../../src/domain/run/events.ts';

/** A run, as the log tells it. */
export interface RunEntry {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly kind: 'worker' | 'external' | 'record';
  readonly host: string | undefined;
  readonly assignee: string | undefined;
  readonly ttlMs: number;
  readonly openedAtMs: number;
  nonce: string | undefined;
  spawnedAtMs: number | undefined;
  /** When its stream last grew, or its lease was renewed, in virtual ms. */
  movedAtMs: number;
  renewedAtMs: number;
  ending: TerminalEvent | undefined;
  endedBy: string | undefined;
  endedAtMs: number | undefined;
}

/** A task, as the log tells it. */
export interface TaskEntry {
  readonly taskId: string;
  readonly title: string;
  assignee: string | undefined;
  maxRetries: number | undefined;
  parents: readonly string[];
  waived: readonly string[];
  standing: string;
  /** The run that holds it. */
  holder: string | undefined;
  wasDone: boolean;
  /** When it was claimed last, in virtual ms. */
  claimedAtMs: number | undefined;
  /** When it was reopened last, in virtual ms. */
  undoneAtMs: number | undefined;
  /** The run that is to keep the last word somebody gave about it while no run held it. */
  recordId: string | undefined;
  attempts: number;
  /** Until when it is held, UTC ms by some wall clock. */
  notBeforeMs: number | undefined;
  /** Failed runs since the last success, or since a person forgave them. */
  failures: number;
}

/** The maps, and the way to go on. */
export interface Ledger {
  readonly tasks: ReadonlyMap<string, TaskEntry>;
  readonly runs: ReadonlyMap<string, RunEntry>;
  /** Takes an event in, at this virtual moment. */
  enter(event: Recorded, atMs: number): void;
}

/** Ends of a run that the breaker counts. */
const failing: ReadonlySet<string> = new Set([
  'RunCrashed',
  'RunTimedOut',
  'SpawnFailed',
  'ProtocolViolated',
]);

/** Where a task stands after an event; events that are not in here move no task. */
const standings: Readonly<Record<string, string>> = {
  TaskClaimed: 'running',
  TaskRequeued: 'queued',
  TaskCompleted: 'done',
  TaskBlocked: 'blocked',
  TaskUnblocked: 'queued',
  TaskHalted: 'halted',
  TaskResumed: 'queued',
  TaskPromoted: 'queued',
  TaskReopened: 'queued',
  TaskArchived: 'archived',
  ReviewRequested: 'review',
  ReviewApproved: 'done',
  ReviewRejected: 'queued',
};

/** Forgives what has failed so far. */
const forgiving: ReadonlySet<string> = new Set([
  'TaskCompleted',
  'TaskResumed',
  'FailuresReset',
  'ReviewRequested',
]);

/** An empty ledger. */
export function createLedger(): Ledger {
  const tasks = new Map<string, TaskEntry>();
  const runs = new Map<string, RunEntry>();

  function enter(event: Recorded, atMs: number): void {
    if (event.stream.startsWith('run-')) enterRun(event as Recorded<RunEvent>, atMs);
    if (event.stream.startsWith('task-')) enterTask(event, atMs);
  }

  function enterRun(event: Recorded<RunEvent>, atMs: number): void {
    const runId = streamId(event.stream);
    if (event.type === 'RunOpened') runs.set(runId, opened(runId, event.data, atMs));
    const run = runs.get(runId);
    if (run === undefined) return;
    run.movedAtMs = atMs;
    run.renewedAtMs = atMs;
    if (event.type === 'WorkerSpawned') {
      run.nonce = event.data.nonce;
      run.spawnedAtMs = atMs;
    }
    if (!isTerminal(event)) return;
    run.ending ??= event;
    run.endedBy ??= `${event.meta.actor.kind} ${event.meta.actor.id}`;
    run.endedAtMs ??= atMs;
    const task = tasks.get(run.taskId);
    // What a person says about a task that nobody held is an attempt of its own.
    if (task !== undefined && run.kind === 'record') task.attempts += 1;
  }

  function enterTask(event: Recorded, atMs: number): void {
    const taskId = streamId(event.stream);
    if (event.type === 'TaskCreated') tasks.set(taskId, created(taskId, event.data));
    const task = tasks.get(taskId);
    if (task === undefined) return;
    if (event.type === 'ParentAdded') task.parents = [...task.parents, event.data.parentId];
    if (event.type === 'ParentRemoved') {
      const { parentId } = event.data;
      task.parents = task.parents.filter((id) => id !== parentId);
    }
    if (event.type === 'TaskPromoted') task.waived = event.data.waivedParents;
    if (event.type === 'LeaseExtended') {
      const run = runs.get(event.data.runId);
      if (run !== undefined) run.renewedAtMs = atMs;
    }
    if (forgiving.has(event.type)) task.failures = 0;
    if (event.type === 'TaskRequeued' || event.type === 'TaskHalted') {
      const ending = runs.get(event.data.runId)?.ending?.type ?? '';
      // An outage is to blame for it, not the task.
      const isExcused = event.type === 'TaskRequeued' && event.data.hold === 'outage';
      if (failing.has(ending) && !isExcused) task.failures += 1;
    }
    const isWord = event.type === 'TaskCompleted' || event.type === 'TaskBlocked';
    if (isWord && task.standing !== 'running') task.recordId = event.data.runId;
    move(task, event, atMs);
  }

  return { tasks, runs, enter };
}

function move(task: TaskEntry, event: Recorded, atMs: number): void {
  const standing = standings[event.type];
  if (standing === undefined) return;
  task.standing = standing;
  task.notBeforeMs = event.type === 'TaskRequeued' ? event.data.notBeforeMs : undefined;
  task.holder = event.type === 'TaskClaimed' ? event.data.runId : undefined;
  if (event.type === 'TaskClaimed') {
    task.attempts += 1;
    task.claimedAtMs = atMs;
  }
  if (standing === 'done') task.wasDone = true;
  if (event.type === 'TaskReopened') {
    task.wasDone = false;
    task.undoneAtMs = atMs;
  }
}

function opened(
  runId: string,
  data: Extract<RunEvent, { type: 'RunOpened' }>['data'],
  atMs: number,
): RunEntry {
  const { taskId, attempt, kind, host, assignee, ttlMs } = data;
  return {
    runId,
    taskId,
    attempt,
    kind,
    host,
    assignee,
    ttlMs,
    openedAtMs: atMs,
    nonce: undefined,
    spawnedAtMs: undefined,
    movedAtMs: atMs,
    renewedAtMs: atMs,
    ending: undefined,
    endedBy: undefined,
    endedAtMs: undefined,
  };
}

function created(
  taskId: string,
  data: Extract<Recorded, { type: 'TaskCreated' }>['data'],
): TaskEntry {
  return {
    taskId,
    title: data.title,
    assignee: data.assignee,
    maxRetries: data.maxRetries,
    parents: data.parents ?? [],
    waived: [],
    standing: data.initialBlock === undefined ? 'queued' : 'blocked',
    holder: undefined,
    wasDone: false,
    claimedAtMs: undefined,
    undoneAtMs: undefined,
    recordId: undefined,
    notBeforeMs: undefined,
    attempts: 0,
    failures: 0,
  };
}
