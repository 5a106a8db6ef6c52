/**
 * The invariants of the log, checked by reading all of it once: what must hold for every task and
 * run at every prefix, whatever happened to the processes that wrote it. The numbers are those of
 * the list in `docs/guarantees.md`.
 */
import { type Recorded, streamId, streams } from '../domain/catalogue.ts';
import { findCycle, openParents } from '../domain/readiness.ts';
import type { RunEvent } from '../domain/run/events.ts';
import { type Budget, budgetOf } from '../domain/task/budget.ts';
import { type HeldTask, isHeldBy, limitOf, spentOf } from '../domain/task/decide/attempts.ts';
import { failureOutcomes, type TaskEvent } from '../domain/task/events.ts';
import type { TaskState } from '../domain/task/state.ts';
import type { Codec } from '../log/codec.ts';
import type { EventLog, Position, StoredEvent, Version } from '../log/event-log.ts';
import { pagesOf } from '../log/pages.ts';
import { createIdSet } from './id-set.ts';
import { evolveRememberedRun, evolveRememberedTask, type RememberedRun } from './remembered.ts';

/** One broken promise. */
export interface Violation {
  /** Short name of the invariant. */
  readonly invariant: string;
  readonly position: Position;
  readonly stream: string;
  /** Place in the stream, and the name and id of the event that breaks it. */
  readonly version: Version;
  readonly type: string;
  readonly id: string;
  readonly found: string;
}

/** What may happen to a done task: it is touched up, put away, or reopened by a person. */
const allowedWhenDone: ReadonlySet<TaskEvent['type']> = new Set<TaskEvent['type']>([
  'FailuresReset',
  'ParentRemoved',
  'TaskArchived',
  'TaskAssigned',
  'TaskEdited',
  'TaskReopened',
  'TaskReprioritized',
]);

/** What opens the breaker again, or a finished task: never a worker's word, nor a dispatcher's. */
const byPeopleOnly: ReadonlySet<TaskEvent['type']> = new Set<TaskEvent['type']>([
  'FailuresReset',
  'TaskReopened',
  'TaskResumed',
]);

/** Violations kept; a log that breaks more than these needs no longer list. */
const violationsMax = 100;

/**
 * How long something may be half done on a log that is not atomic, in ms: by then its writer has
 * come to the end, or a dispatcher has finished it.
 */
export const halfDoneMsMax = 60_000;

/**
 * Reads the whole log and returns every broken invariant, in order of position. On a log that is
 * not atomic, what is half done at `nowMs` (wall clock, UTC ms) is not broken yet; default: it is.
 */
export async function checkInvariants(
  deps: { log: EventLog; codec: Codec; nowMs?: number },
  onProgress: (position: Position) => void = () => {},
): Promise<readonly Violation[]> {
  const { log, codec, nowMs = Number.POSITIVE_INFINITY } = deps;
  const checker = new InvariantChecker(codec, log.atomic ? undefined : { nowMs });
  for await (const page of pagesOf(deps.log)) {
    for (const stored of page) checker.add(stored);
    onProgress(page.at(-1)?.position ?? 0);
  }
  checker.finish();
  return checker.violations;
}

type Conclusion = Recorded<Extract<TaskEvent, { type: 'TaskRequeued' | 'TaskHalted' }>>;

/** A failure that was not counted although no outage is said to be to blame for it. */
function isForgiven({ type, data }: Conclusion, budget: Budget | undefined): boolean {
  const isHeld = failureOutcomes.has(data.outcome) && budget === 'holds';
  return isHeld && type === 'TaskRequeued' && data.hold !== 'outage';
}

/** Where an event stands, and what it is called. */
type Place = Pick<Violation, 'position' | 'stream' | 'version' | 'type' | 'id'>;

/** The last event of a stream. */
type Last = Place & Pick<StoredEvent, 'recordedAtMs'>;

/** Checks events in the order of the log, one by one, each against what came before it. */
export class InvariantChecker {
  readonly violations: Violation[] = [];
  readonly #codec: Codec;
  /** The last event of each stream. */
  readonly #last = new Map<string, Last>();
  /** Runs that are to keep a word, and the word. */
  readonly #words = new Map<string, Last>();
  /** On a log that is not atomic: what is the time. */
  readonly #pieces: { readonly nowMs: number } | undefined;
  readonly #ids = createIdSet();
  /** Versions missing in streams of runs. */
  readonly #missing = new Map<string, number>();
  readonly #tasks = new Map<string, TaskState>();
  readonly #runs = new Map<string, RememberedRun>();
  #lastPosition = 0;

  /** `pieces` is there when the log is not atomic: the wall clock by which things are half done. */
  constructor(codec: Codec, pieces?: { readonly nowMs: number }) {
    this.#codec = codec;
    this.#pieces = pieces;
  }

  #report(invariant: string, at: Place, found: string) {
    if (this.violations.length >= violationsMax) return;
    const { position, stream, version, type, id } = at;
    this.violations.push({ invariant, position, stream, version, type, id, found });
  }

  /** Takes an event as it is: what comes after it is checked against the state it leads to. */
  remember(stored: StoredEvent): void {
    this.#ids.add(stored.id);
    const missing = stored.version - (this.#last.get(stored.stream)?.version ?? -1) - 1;
    if (missing > 0) this.#miss(stored, missing);
    this.#stand(stored);
    const event = this.#codec.decodeUnchecked(stored);
    const id = streamId(event.stream);
    if (event.stream.startsWith('task-')) {
      this.#tasks.set(id, evolveRememberedTask(this.#tasks.get(id), event as Recorded<TaskEvent>));
    }
    if (event.stream.startsWith('run-')) {
      this.#runs.set(id, evolveRememberedRun(this.#runs.get(id), event as Recorded<RunEvent>));
    }
  }

  /** Checks an event. Throws `UnreadableEvent` when it cannot be read. */
  add(stored: StoredEvent): void {
    this.#checkPlace(stored);
    const event = this.#codec.decode(stored);
    if (event.stream.startsWith('task-')) this.#addTaskEvent(event as Recorded<TaskEvent>);
    if (event.stream.startsWith('run-')) this.#addRunEvent(event as Recorded<RunEvent>);
  }

  #checkPlace(stored: StoredEvent): void {
    const expected = (this.#last.get(stored.stream)?.version ?? -1) + 1;
    const missing = stored.version - expected;
    if (missing > 0 && stored.stream.startsWith('run-')) this.#miss(stored, missing);
    else if (missing !== 0) {
      const found = `version ${stored.version}, expected ${expected}`;
      this.#report('versions_without_gaps', stored, found);
    }
    if (stored.position <= this.#lastPosition) {
      const found = `position ${stored.position} after ${this.#lastPosition}`;
      this.#report('positions_grow', stored, found);
    }
    if (!this.#ids.add(stored.id)) {
      this.#report('event_ids_unique', stored, `event ${stored.id} twice`);
    }
    this.#stand(stored);
  }

  /** Beats may have been thinned out; the end of the run tells how many there were. */
  #miss({ stream }: StoredEvent, count: number): void {
    this.#missing.set(stream, (this.#missing.get(stream) ?? 0) + count);
  }

  /** Nothing but beats is thinned out, and only of runs that have ended. */
  #checkMissing(): void {
    for (const [stream, missing] of this.#missing) {
      const run = this.#runs.get(streamId(stream));
      const beats = run?.standing === 'ended' ? run.beats : 0;
      if (missing <= beats) continue;
      const found = `versions missing: ${missing}; beats that may have been thinned out: ${beats}`;
      this.#report('versions_without_gaps', this.#lastOf(stream), found);
    }
  }

  #stand({ position, stream, version, type, id, recordedAtMs }: StoredEvent): void {
    this.#last.set(stream, { position, stream, version, type, id, recordedAtMs });
    this.#lastPosition = position;
  }

  #addTaskEvent(event: Recorded<TaskEvent>): void {
    const taskId = streamId(event.stream);
    const before = this.#tasks.get(taskId);
    if (event.type === 'TaskClaimed') this.#checkClaim(event, before);
    if (event.type === 'TaskRequeued' || event.type === 'TaskHalted') {
      this.#checkConclusion(event, before);
    }
    this.#checkDoneStays(event, before);
    this.#checkActor(event);
    this.#noteWord(event, before);
    this.#fold(event, () => this.#tasks.set(taskId, evolveRememberedTask(before, event)));
  }

  #checkClaim(event: Recorded<TaskEvent>, task: TaskState): void {
    if (task?.standing.status !== 'queued') {
      const found = `claimed while ${task?.standing.status ?? 'missing'}`;
      this.#report('claim_needs_a_ready_task', event, found);
      return;
    }
    const waitsFor = openParents(task, (id) => this.#tasks.get(id)?.standing);
    const open = waitsFor.filter((id) => !this.#isAtTheSameTime(streams.task(id), event));
    if (open.length > 0) {
      this.#report('claim_needs_done_parents', event, `open: ${open.join(', ')}`);
    }
  }

  /** Parents cannot be pinned across streams, where the log is not atomic: both may be right. */
  #isAtTheSameTime(stream: string, { stream: own }: Place): boolean {
    const [one, other] = [this.#last.get(stream), this.#last.get(own)];
    if (this.#pieces === undefined || one === undefined || other === undefined) return false;
    return Math.abs(one.recordedAtMs - other.recordedAtMs) < halfDoneMsMax;
  }

  /** Whoever says something about a task that no run holds names a run that is to keep it. */
  #noteWord(event: Recorded<TaskEvent>, task: TaskState): void {
    if (event.type !== 'TaskCompleted' && event.type !== 'TaskBlocked') return;
    const { runId } = event.data;
    if (runId === undefined || task?.standing.status === 'running') return;
    this.#words.set(runId, this.#lastOf(event.stream));
  }

  /** The breaker adds up what the runs say, and nothing but success or a person clears it. */
  #checkConclusion(event: Conclusion, task: TaskState): void {
    if (task === undefined || !isHeldBy(task, event.data.runId)) {
      this.#report('conclusion_by_the_current_run', event, `${event.data.runId} holds nothing`);
      return;
    }
    const { outcome, failures, runId } = event.data;
    const budget = budgetOf(task.failures, event.data, event.meta.actor.kind);
    const expected = task.failures + (budget === 'failures' ? 1 : 0);
    if (failures !== expected || isForgiven(event, budget)) {
      this.#report('failures_add_up', event, `${failures} after ${task.failures} and ${outcome}`);
    }
    this.#checkLimit(event, task, budget);
    const run = this.#runs.get(runId);
    if (run?.standing !== 'ended' || run.outcome !== outcome) {
      const found = `run ended as ${endOf(run)}, not ${outcome}`;
      this.#report('conclusion_follows_the_ending', event, found);
    }
  }

  #checkLimit(event: Conclusion, task: HeldTask, budget: Budget | undefined): void {
    if (budget === undefined || event.type === 'TaskHalted') return;
    const count = spentOf(budget, task) + 1;
    const { limit } = limitOf(budget, task);
    if (count < limit) return;
    const found = `requeued after ${count} ${budget} of ${limit}`;
    this.#report('breaker_halts_at_the_limit', event, found);
  }

  #checkDoneStays(event: Recorded<TaskEvent>, task: TaskState): void {
    if (task?.standing.status !== 'done') return;
    if (allowedWhenDone.has(event.type)) return;
    this.#report('done_stays_done', event, `${event.type} on a done task`);
  }

  #checkActor(event: Recorded<TaskEvent>): void {
    const { kind, id } = event.meta.actor;
    if (!byPeopleOnly.has(event.type) || kind === 'human' || kind === 'system') return;
    this.#report('people_undo_the_breaker', event, `${event.type} by ${kind} ${id}`);
  }

  #addRunEvent(event: Recorded<RunEvent>): void {
    const runId = streamId(event.stream);
    const before = this.#runs.get(runId);
    if (before?.standing === 'ended') {
      this.#report('nothing_after_the_end', event, `${event.type} after ${before.type}`);
      return;
    }
    this.#checkWriter(event, before);
    this.#fold(event, () => this.#runs.set(runId, evolveRememberedRun(before, event)));
  }

  /** Whatever a worker writes, it writes to the run that holds the task at that position. */
  #checkWriter(event: Recorded<RunEvent>, run: RememberedRun | undefined): void {
    if (event.type === 'RunOpened' && event.data.kind === 'record') return;
    if (event.meta.actor.kind !== 'worker' || run?.standing !== 'open') return;
    if (run.opened.kind === 'record') return;
    const task = this.#tasks.get(run.opened.taskId);
    const isHolder =
      task?.standing.status === 'running' && task.standing.claim.runId === streamId(event.stream);
    if (!isHolder) {
      this.#report('worker_writes_to_the_current_run', event, `${event.type} by a stranger`);
    }
  }

  #fold(event: Recorded, apply: () => void): void {
    try {
      apply();
    } catch (cause) {
      this.#report('events_fold', event, cause instanceof Error ? cause.message : String(cause));
    }
  }

  /** Checks what can only be told at the end: who points at whom. */
  finish(): void {
    this.#checkMissing();
    this.#checkHolders();
    this.#checkWords();
    const cycle = findCycle([...this.#tasks.keys()], (id) => this.#tasks.get(id)?.parents ?? []);
    if (cycle === undefined) return;
    const found = cycle.join(' waits for ');
    this.#report('no_task_waits_for_itself', this.#lastOf(streams.task(cycle[0]!)), found);
  }

  /** Tasks and runs point at each other, and no run stays open without its task. */
  #checkHolders(): void {
    for (const [taskId, task] of this.#tasks) {
      if (task?.standing.status !== 'running') continue;
      const { runId } = task.standing.claim;
      if (this.#runs.get(runId)?.standing === 'open') continue;
      const last = this.#lastOf(streams.task(taskId));
      if (this.#isHalfDone(this.#last.get(streams.run(runId)) ?? last)) continue;
      const found = `${runId} is ${endOf(this.#runs.get(runId))}`;
      this.#report('running_task_has_an_open_run', last, found);
    }
    for (const [runId, run] of this.#runs) {
      if (run.standing !== 'open') continue;
      const standing = this.#tasks.get(run.opened.taskId)?.standing;
      if (standing?.status === 'running' && standing.claim.runId === runId) continue;
      const found = `${run.opened.taskId} is ${standing?.status}`;
      this.#report('open_run_holds_its_task', this.#lastOf(streams.run(runId)), found);
    }
  }

  #checkWords(): void {
    for (const [runId, word] of this.#words) {
      if (this.#runs.has(runId) || this.#isHalfDone(word)) continue;
      this.#report('words_have_a_record', word, `${runId} is missing`);
    }
  }

  /** Whether somebody may be about to write what follows from an event. */
  #isHalfDone({ recordedAtMs }: Last): boolean {
    return this.#pieces !== undefined && this.#pieces.nowMs - recordedAtMs < halfDoneMsMax;
  }

  /** The last event of a stream that is known to have one. */
  #lastOf(stream: string): Last {
    return this.#last.get(stream)!;
  }
}

function endOf(run: RememberedRun | undefined): string {
  if (run === undefined) return 'missing';
  return run.standing === 'open' ? 'open' : run.outcome;
}
