/**
 * A small board on paper: what the real one is supposed to answer, told in the plainest way there
 * is. It shares no code with the deciders, only the arithmetic of the backoff, which has a test of
 * its own. Every method answers like the board, and then stands where the board should stand.
 */
import { defaultPolicy, holdDelayMs, retryDelayMs } from '../../src/domain/policy.ts';
import type { Status } from '../../src/domain/readiness.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';

/** The rules of the board and of the model: limits low enough for a story to reach them. */
export const rules = { ...defaultPolicy, recoveryLimit: 3, releaseLimit: 2, holdLimit: 2 };

/** What came of a command: something was stored, nothing had to be, or it was refused. */
export type Answer = 'changed' | 'unchanged' | RefusalCode;

type Standing = 'triage' | 'queued' | 'running' | 'review' | 'done' | 'blocked' | 'halted';

/** A task on paper. */
export interface ModelTask {
  readonly taskId: string;
  readonly key: string | undefined;
  standing: Standing;
  /** Where it goes when it is unblocked: what was never specified stays so. */
  unblockedTo: 'triage' | 'queued';
  shelf: 'none' | 'archived' | 'tombstoned';
  parents: string[];
  waived: string[];
  failures: number;
  /** Since the last success, or a person's word. */
  interruptions: { recoveries: number; releases: number; holds: number };
  maxRetries: number | null;
  notBeforeMs: number | null;
  assignee: string | null;
  attempts: number;
  /** The run that holds the task. */
  run: ModelRun | undefined;
}

/** A run on paper. */
export interface ModelRun {
  readonly runId: string;
  readonly task: ModelTask;
  readonly tokenHash: string | undefined;
  /** Version of the last event of its stream. */
  version: number;
  lastSignMs: number;
  note: string | undefined;
  /** Whether the startup guard has let its worker through. */
  isStarted: boolean;
  /** How it ended: what its worker said, or who ended it instead. */
  end: string | undefined;
}

/** What a new task starts out with. */
export interface NewModelTask {
  readonly key?: string | undefined;
  readonly parents: readonly string[];
  readonly standing: 'triage' | 'queued' | 'blocked';
  readonly notBeforeMs: number | null;
  readonly maxRetries: number | null;
}

/** Endings that count against the task. */
export type Failure = 'crashed' | 'timed_out' | 'spawn_failed' | 'protocol_violated';
/** Endings that are nobody's fault. */
export type Interruption = 'released' | 'reclaimed' | 'stale' | 'canceled' | 'rate_limited';

/** The board on paper; a class, since it lives as long as a story. */
export class BoardModel {
  readonly tasks: ModelTask[] = [];
  readonly runs: ModelRun[] = [];
  nowMs: number;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** The live task that a key leads to. */
  liveTaskOf(key: string): ModelTask | undefined {
    return this.tasks.find((task) => task.key === key && task.shelf === 'none');
  }

  create(taskId: string, fields: NewModelTask): void {
    const { key, parents, standing, notBeforeMs, maxRetries } = fields;
    this.tasks.push({
      taskId,
      key,
      standing,
      unblockedTo: 'queued',
      shelf: 'none',
      parents: [...new Set(parents)],
      waived: [],
      failures: 0,
      interruptions: noInterruptions(),
      maxRetries,
      notBeforeMs,
      assignee: null,
      attempts: 0,
      run: undefined,
    });
  }

  task(taskId: string): ModelTask {
    const task = this.tasks.find((one) => one.taskId === taskId);
    if (task === undefined) throw new Error(`the model knows no ${taskId}`);
    return task;
  }

  openParents(task: ModelTask): readonly string[] {
    return task.parents.filter(
      (id) => !task.waived.includes(id) && this.task(id).standing !== 'done',
    );
  }

  statusOf(task: ModelTask): Status {
    if (task.shelf !== 'none') return task.shelf;
    if (task.standing !== 'queued') return task.standing;
    if (this.openParents(task).length > 0) return 'waiting';
    const isHeld = task.notBeforeMs !== null && task.notBeforeMs > this.nowMs;
    return isHeld ? 'scheduled' : 'ready';
  }

  link(parentId: string, task: ModelTask): Answer {
    if (parentId === task.taskId) return 'self_parent';
    if (task.parents.includes(parentId)) return 'unchanged';
    if (this.#isAbove(task.taskId, parentId)) return 'cycle';
    if (!isIn(task, 'queued', 'triage', 'blocked', 'halted')) return 'wrong_status';
    task.parents.push(parentId);
    return 'changed';
  }

  /** Whether a task is an ancestor of another. */
  #isAbove(ancestorId: string, taskId: string): boolean {
    return this.task(taskId).parents.some(
      (id) => id === ancestorId || this.#isAbove(ancestorId, id),
    );
  }

  unlink(parentId: string, task: ModelTask): Answer {
    if (!task.parents.includes(parentId)) return 'unchanged';
    task.parents = task.parents.filter((id) => id !== parentId);
    task.waived = task.waived.filter((id) => id !== parentId);
    return 'changed';
  }

  claim(task: ModelTask, run: { runId: string; tokenHash: string | undefined }): Answer {
    if (isIn(task, 'running')) return 'already_claimed';
    if (!isIn(task, 'queued')) return 'not_ready';
    const status = this.statusOf(task);
    if (status !== 'ready') return status === 'waiting' ? 'parents_open' : 'held_until';
    task.attempts += 1;
    task.notBeforeMs = null;
    task.standing = 'running';
    task.run = {
      ...run,
      task,
      version: 0,
      lastSignMs: this.nowMs,
      note: undefined,
      isStarted: false,
      end: undefined,
    };
    this.runs.push(task.run);
    return 'changed';
  }

  /** A worker's beat; a quiet one is left out for a quarter of the lease. */
  beat(run: ModelRun, tokenHash: string | undefined, note: string | undefined): Answer {
    const objection = objectionTo(run, tokenHash);
    if (objection !== undefined) return objection;
    const quietMs = this.nowMs - run.lastSignMs;
    const isNews = note !== undefined && note !== run.note;
    if (!isNews && quietMs < rules.claimTtlMs / 4) return 'unchanged';
    run.note = note ?? run.note;
    run.lastSignMs = this.nowMs;
    run.version += 1;
    return 'changed';
  }

  /** The startup guard: unlike a beat it wants a token always, and the run's own task. */
  guard(run: ModelRun, tokenHash: string | undefined, taskId: string): Answer {
    const objection = objectionTo(run, tokenHash);
    if (objection !== undefined) return objection;
    if (run.tokenHash === undefined) return 'token_invalid';
    if (taskId !== run.task.taskId) return 'not_current_run';
    if (run.isStarted) return 'unchanged';
    run.isStarted = true;
    run.lastSignMs = this.nowMs;
    run.version += 1;
    return 'changed';
  }

  /** A comment or a new task of a worker; its run stays as it is. */
  actBeside(run: ModelRun, tokenHash: string | undefined): Answer {
    return objectionTo(run, tokenHash) ?? 'unchanged';
  }

  /**
   * A machine does what is for people. Where there was nothing to do or to undo it is told so, as
   * anybody is; only a claim is out of its reach before anybody looks whether there is one.
   */
  overreach(task: ModelTask, what: 'forgive' | 'reopen' | 'resume' | 'reclaim'): Answer {
    if (what === 'forgive') return isUnblemished(task) ? 'unchanged' : 'people_only';
    if (what === 'reopen') return isIn(task, 'done') ? 'people_only' : 'wrong_status';
    const isBlocked = isIn(task, 'blocked') || (isIn(task, 'queued') && task.notBeforeMs !== null);
    if (what === 'resume' && isBlocked) return this.unblock(task);
    return what === 'reclaim' || isIn(task, 'halted') ? 'people_only' : 'wrong_status';
  }

  /** What a worker says about its own end; saying the same again is no news. */
  finish(
    run: ModelRun,
    tokenHash: string | undefined,
    how: 'done' | 'review' | 'blocked' | 'released',
  ): Answer {
    const isAuthorized = run.tokenHash === undefined || run.tokenHash === tokenHash;
    if (isAuthorized && run.end === `worker said ${how}`) return 'unchanged';
    const objection = objectionTo(run, tokenHash);
    if (objection !== undefined) return objection;
    const { task } = run;
    this.#end(run, `worker said ${how}`);
    task.unblockedTo = 'queued';
    if (how === 'released') {
      this.#interrupt(run, 'releases', rules.releaseLimit);
      return 'changed';
    }
    task.standing = how;
    if (how === 'done' || how === 'review') forgive(task);
    return 'changed';
  }

  /** Somebody outside ends a run, judged on the version it had then. */
  judge(
    run: ModelRun,
    { outcome, byPerson }: { outcome: Failure | Interruption; byPerson: boolean },
    judgedAt: number | undefined,
  ): Answer {
    if (judgedAt !== undefined && judgedAt !== run.version) return 'run_moved';
    if (run.end !== undefined) return 'stale_run';
    this.#end(run, outcome);
    const { task, runId } = run;
    task.standing = 'queued';
    if (outcome === 'rate_limited') this.#interrupt(run, 'holds', rules.holdLimit);
    const isRecovery = outcome === 'reclaimed' || outcome === 'stale';
    if (isRecovery && !byPerson) this.#interrupt(run, 'recoveries', rules.recoveryLimit);
    if (!isFailure(outcome)) return 'changed';
    task.failures += 1;
    if (task.failures >= (task.maxRetries ?? rules.failureLimit)) task.standing = 'halted';
    else task.notBeforeMs = this.nowMs + retryDelayMs(task.failures, runId, rules);
    return 'changed';
  }

  /** Nobody's failure, but it has a limit, and a wait before the next try. */
  #interrupt(run: ModelRun, kind: keyof ModelTask['interruptions'], limit: number): void {
    const { task, runId } = run;
    task.interruptions[kind] += 1;
    const count = task.interruptions[kind];
    task.standing = count >= limit ? 'halted' : 'queued';
    // Whoever was lost once comes back at once.
    const waits = kind === 'recoveries' ? count - 1 : count;
    if (count >= limit || waits === 0) return;
    const held = { holdMs: rules.rateLimitHoldMs, holds: count };
    const isHeld = kind === 'holds';
    const delayMs = isHeld ? holdDelayMs(held, runId, rules) : retryDelayMs(waits, runId, rules);
    task.notBeforeMs = this.nowMs + delayMs;
  }

  #end(run: ModelRun, end: string): void {
    run.end = end;
    run.version += 1;
    run.task.run = undefined;
  }

  reclaim(task: ModelTask, assignee: string | null | undefined): Answer {
    if (task.run === undefined) return 'not_running';
    if (assignee !== undefined) task.assignee = assignee;
    return this.judge(task.run, { outcome: 'reclaimed', byPerson: true }, undefined);
  }

  unblock(task: ModelTask): Answer {
    const isHeld = isIn(task, 'queued') && task.notBeforeMs !== null;
    if (!isHeld && !isIn(task, 'blocked', 'halted')) return 'wrong_status';
    if (task.standing === 'halted') forgive(task);
    const to = task.standing === 'blocked' ? task.unblockedTo : 'queued';
    const answer = this.#toQueue(task);
    task.standing = to;
    return answer;
  }

  promote(task: ModelTask, forced: boolean): Answer {
    if (!isIn(task, 'queued', 'triage')) return 'wrong_status';
    const open = this.openParents(task);
    if (open.length > 0 && !forced) return 'parents_open';
    const isDue = task.standing === 'queued' && task.notBeforeMs === null;
    if (isDue && open.length === 0) return 'unchanged';
    task.waived.push(...open);
    return this.#toQueue(task);
  }

  review(task: ModelTask, approve: boolean): Answer {
    if (!isIn(task, 'review')) return 'wrong_status';
    task.standing = approve ? 'done' : 'queued';
    return 'changed';
  }

  reopen(task: ModelTask): Answer {
    if (!isIn(task, 'done')) return 'wrong_status';
    task.standing = 'queued';
    return 'changed';
  }

  specify(task: ModelTask): Answer {
    if (!isIn(task, 'triage')) return 'wrong_status';
    task.standing = 'queued';
    return 'changed';
  }

  #toQueue(task: ModelTask): Answer {
    task.standing = 'queued';
    task.notBeforeMs = null;
    return 'changed';
  }

  complete(task: ModelTask): Answer {
    if (isIn(task, 'done')) return 'already_done';
    if (!isIn(task, 'queued', 'running', 'blocked', 'halted')) return 'wrong_status';
    if (task.standing === 'queued' && this.openParents(task).length > 0) return 'parents_open';
    this.#takeOver(task);
    task.standing = 'done';
    forgive(task);
    task.notBeforeMs = null;
    return 'changed';
  }

  block(task: ModelTask): Answer {
    if (!isIn(task, 'queued', 'running', 'triage')) return 'wrong_status';
    this.#takeOver(task);
    task.unblockedTo = task.standing === 'triage' ? 'triage' : 'queued';
    task.standing = 'blocked';
    return 'changed';
  }

  /** An operator's word ends the run in progress, or leaves one of no length. */
  #takeOver(task: ModelTask): void {
    if (task.run === undefined) task.attempts += 1;
    else this.#end(task.run, 'canceled');
  }

  schedule(task: ModelTask, notBeforeMs: number | null): Answer {
    if (!isIn(task, 'queued', 'running', 'triage')) return 'wrong_status';
    if (task.notBeforeMs === notBeforeMs) return 'unchanged';
    if (task.run !== undefined) this.#end(task.run, 'canceled');
    if (task.standing === 'running') task.standing = 'queued';
    task.notBeforeMs = notBeforeMs;
    return 'changed';
  }

  assign(task: ModelTask, assignee: string | null): Answer {
    if (isIn(task, 'running')) return 'already_claimed';
    if (task.shelf !== 'none') return 'wrong_status';
    if (task.assignee === assignee) return 'unchanged';
    task.assignee = assignee;
    return 'changed';
  }

  limitRetries(task: ModelTask, maxRetries: number | null): Answer {
    if (task.shelf !== 'none') return 'wrong_status';
    if (task.maxRetries === maxRetries) return 'unchanged';
    task.maxRetries = maxRetries;
    return 'changed';
  }

  resetFailures(task: ModelTask): Answer {
    if (isUnblemished(task)) return 'unchanged';
    forgive(task);
    return 'changed';
  }

  archive(task: ModelTask): Answer {
    if (task.shelf !== 'none') return 'unchanged';
    if (task.run !== undefined) this.#end(task.run, 'canceled');
    if (task.standing === 'running') task.standing = 'queued';
    task.shelf = 'archived';
    return 'changed';
  }

  restore(task: ModelTask): Answer {
    if (task.shelf !== 'archived') return 'wrong_status';
    task.shelf = 'none';
    return 'changed';
  }

  tombstone(task: ModelTask): Answer {
    if (task.shelf === 'tombstoned') return 'unchanged';
    if (task.shelf !== 'archived') return 'wrong_status';
    task.shelf = 'tombstoned';
    return 'changed';
  }
}

function isIn(task: ModelTask, ...standings: readonly Standing[]): boolean {
  return task.shelf === 'none' && standings.includes(task.standing);
}

function noInterruptions(): ModelTask['interruptions'] {
  return { recoveries: 0, releases: 0, holds: 0 };
}

/** Nothing counts against it, neither failures nor runs that were nobody's failure. */
function isUnblemished({ failures, interruptions }: ModelTask): boolean {
  const { recoveries, releases, holds } = interruptions;
  return failures + recoveries + releases + holds === 0;
}

/** Success, or a person's word. */
function forgive(task: ModelTask): void {
  task.failures = 0;
  task.interruptions = noInterruptions();
}

function isFailure(outcome: Failure | Interruption): outcome is Failure {
  return ['crashed', 'timed_out', 'spawn_failed', 'protocol_violated'].includes(outcome);
}

function objectionTo(run: ModelRun, tokenHash: string | undefined): RefusalCode | undefined {
  if (run.end !== undefined) return 'stale_run';
  const isAuthorized = run.tokenHash === undefined || run.tokenHash === tokenHash;
  return isAuthorized ? undefined : 'token_invalid';
}
