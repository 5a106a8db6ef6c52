/**
 * A task between two events: how it stands, and what the clock alone will make of that. Folded from
 * its own stream, its runs, and the tasks it waits for.
 */
import { type Recorded, streamId } from './catalogue.ts';
import type { Actor } from './event.ts';
import { openParents, type Status } from './readiness.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from './run/events.ts';
import { evolveRun, lastSignAtMs, type RunFacts, type RunState } from './run/state.ts';
import type { TaskEvent } from './task/events.ts';
import { type Claim, evolveTask, type Task, type TaskState } from './task/state.ts';

/**
 * How a task stood. Three kinds stand for its status `running`: `launching` before its worker is at
 * work, `suspect` while the run is silent beyond its lease, `running` otherwise.
 */
export type SegmentKind = Status | 'launching' | 'suspect';

/** Every kind, in the order of a life. */
export const segmentKinds: readonly SegmentKind[] = [
  ...(['triage', 'waiting', 'scheduled', 'ready', 'launching', 'running', 'suspect'] as const),
  ...(['review', 'blocked', 'halted', 'done', 'archived', 'tombstoned'] as const),
];

/** Why a stretch began: an event, or the clock alone. Times are UTC ms. */
export type Because =
  | {
      readonly type: Recorded['type'];
      readonly position: number;
      /** The task it happened to: another one, when a parent changed. */
      readonly taskId: string;
      readonly actor: Actor;
    }
  | { readonly type: 'came_due' }
  | { readonly type: 'lease_over'; readonly leaseMs: number; readonly lastSignAtMs: number };

/** What is known of a task: its events, and what its life depends on. */
export interface TaskPast {
  readonly taskId: string;
  /** In the order of positions: of its own streams, its runs, and every task it waited for. */
  readonly events: readonly Recorded[];
}

/** Who holds the task; all null but the assignee while nobody does. */
interface Held {
  readonly runId: string | null;
  readonly attempt: number | null;
  readonly host: string | null;
  readonly assignee: string | null;
}

/** How the task stands, and what the clock will make of it if nothing happens before. */
export interface Outlook extends Held {
  readonly kind: SegmentKind;
  readonly next: {
    readonly kind: SegmentKind;
    /** UTC ms. */
    readonly fromAtMs: number;
    readonly because: Because;
  } | null;
}

/** A task that is being folded. */
export interface Life {
  /** Folds an event; false when it is none that a life depends on. */
  take(event: Recorded): boolean;
  /** Undefined before it was created, and between the end of a run and what it means. */
  outlook(): Outlook | undefined;
}

/** The life of a task before its first event. */
export function createLife({ taskId, events }: TaskPast): Life {
  const tasks = new Map<string, TaskState>();
  const runs = new Map<string, RunState>();
  const whole = wholeRuns(events);

  function take(event: Recorded): boolean {
    const id = streamId(event.stream);
    if (event.stream.startsWith('task-')) {
      tasks.set(id, evolveTask(tasks.get(id), event as Recorded<TaskEvent>, event.meta));
      return true;
    }
    if (!event.stream.startsWith('run-')) return false;
    runs.set(id, evolveRun(runs.get(id), event as Recorded<RunEvent>, event.meta));
    return true;
  }

  function outlook(): Outlook | undefined {
    const task = tasks.get(taskId);
    if (task === undefined) return undefined;
    const { standing, assignee } = task;
    if (standing.status === 'running') return held(task, standing.claim);
    const resting = { runId: null, attempt: null, host: null, assignee, next: null };
    if (standing.status !== 'queued') return { ...resting, kind: standing.status };
    const open = openParents(task, (id) => tasks.get(id)?.standing);
    if (open.length > 0) return { ...resting, kind: 'waiting' };
    if (task.notBeforeMs === null) return { ...resting, kind: 'ready' };
    const because = { type: 'came_due' } as const;
    const next = { kind: 'ready', fromAtMs: task.notBeforeMs, because } as const;
    return { ...resting, kind: 'scheduled', next };
  }

  function held(task: Task, claim: Claim): Outlook | undefined {
    const { runId, attempt } = claim;
    const run = runs.get(runId);
    if (run?.standing === 'ended') return undefined;
    const { opened, unheardAtMs } = whole.get(runId) ?? {};
    const host = run?.process?.host ?? opened?.host ?? claim.host;
    const assignee = opened?.assignee ?? task.assignee;
    const isLaunching = opened?.kind !== 'external' && !hasBegun(run);
    const kind = isLaunching ? 'launching' : 'running';
    return { kind, runId, attempt, host, assignee, next: silence(claim, run, unheardAtMs) };
  }

  return { take, outlook };
}

/** Whether the worker has been let through, or was heard of. */
function hasBegun(run: RunState): boolean {
  return run !== undefined && (run.startedAtMs !== null || run.beats.count > 0);
}

/** When the lease will be over: a worker that is still to be spawned has one of its own. */
function silence(claim: Claim, run: RunState, unheardAtMs: number | undefined): Outlook['next'] {
  const isSpawning = run?.process === null && !hasBegun(run);
  const launchLeaseMs = isSpawning ? run.opened.launchLeaseMs : undefined;
  const leaseMs = launchLeaseMs ?? claim.ttlMs;
  const heardAtMs = run === undefined ? claim.claimedAtMs : lastSignAtMs(run);
  const lastSignMs = Math.max(heardAtMs, unheardAtMs ?? 0);
  const renewedAtMs = launchLeaseMs === undefined ? claim.extendedAtMs : 0;
  const because = { type: 'lease_over', leaseMs, lastSignAtMs: lastSignMs } as const;
  return { kind: 'suspect', fromAtMs: Math.max(lastSignMs, renewedAtMs) + leaseMs, because };
}

/** What the events of a run say together, wherever among them one stands. */
interface WholeRun {
  opened?: RunFacts['opened'];
  beats: number;
  /** The last of the beats that were thinned out: what was not kept is no silence. UTC ms. */
  unheardAtMs?: number | undefined;
}

function wholeRuns(events: readonly Recorded[]): ReadonlyMap<string, WholeRun> {
  const runs = new Map<string, WholeRun>();
  for (const event of events.filter(({ stream }) => stream.startsWith('run-'))) {
    const id = streamId(event.stream);
    const run = runs.get(id) ?? { beats: 0 };
    runs.set(id, run);
    if (event.type === 'RunOpened') run.opened = event.data;
    else if (event.type === 'HeartbeatRecorded') run.beats += 1 + event.data.coalesced;
    else if (isTerminal(event as RunEvent)) {
      const { count, lastAt } = (event as TerminalEvent).data.heartbeats;
      if (count > run.beats) run.unheardAtMs = lastAt;
    }
  }
  return runs;
}
