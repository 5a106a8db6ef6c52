/** What the answers to "why?" are drawn from: recorded events, and rows beside them. */
import type { BoardDomainEvent, Recorded } from '../catalogue.ts';
import type { Outage } from '../outage.ts';
import type { RecordedPolicy } from '../policy.ts';
import type { Status } from '../readiness.ts';
import { isTerminal, type RunEvent, type TerminalEvent } from '../run/events.ts';
import type { TaskEvent } from '../task/events.ts';
import type { Task } from '../task/state.ts';

/** A recorded event of these types. */
export type RecordedOf<T extends BoardDomainEvent['type']> = Recorded<
  Extract<BoardDomainEvent, { type: T }>
>;

/** When other events made a task ready, or made it wait. */
export interface Turn {
  readonly type: 'became_ready' | 'began_to_wait';
  /** Position of the event it followed from. */
  readonly position: number;
  readonly atMs: number;
  /** The task that event happened to; null when it was about no task. */
  readonly taskId: string | null;
}

/** A task, and what its own stream says. */
export interface TaskStory {
  readonly taskId: string;
  /** Oldest first; of a very long stream the end. */
  readonly events: readonly Recorded<TaskEvent>[];
  /** Oldest first. */
  readonly turns: readonly Turn[];
}

/** A run, and what its own stream says: how it began and how it ended, not every beat. */
export interface RunStory {
  readonly runId: string;
  readonly taskId: string;
  readonly events: readonly Recorded<RunEvent>[];
}

/** Stories that were read. */
export interface Stories {
  readonly tasks: ReadonlyMap<string, TaskStory>;
  readonly runs: ReadonlyMap<string, RunStory>;
}

/** A parent that a task waits for. */
export interface OpenParent {
  readonly taskId: string;
  readonly status: Status;
  /** The last step of its own story; undefined when there is no such task. */
  readonly last: Recorded<TaskEvent> | undefined;
}

/** A dispatcher that has started and not said goodbye. */
export interface ServingDispatcher {
  readonly started: RecordedOf<'DispatcherStarted'>;
  /** When it last said that it acts by another policy; undefined when it never did. */
  readonly changed: RecordedOf<'PolicyChanged'> | undefined;
  readonly policy: RecordedPolicy;
  readonly assignees: readonly string[];
  /** Of those: how many at once, and what its host lacks for them, where there is such a thing. */
  readonly workers: NonNullable<RecordedOf<'DispatcherStarted'>['data']['workers']>;
  /** Open runs on its host, as far as this board knows. */
  readonly runningOnHost: number;
}

/** What surrounds a task in the queue. */
export interface Lane {
  /** Who gets the task: its assignee, or who gets such tasks by default. */
  readonly assignee: string | null;
  /** Open runs of this assignee. */
  readonly running: number;
  /** The assignee fails alike everywhere. */
  readonly outage: Outage | undefined;
  /** Ready tasks before this one, of assignees that are served. */
  readonly ahead: number;
  /** There are at least so many before it. */
  readonly isAheadCut: boolean;
}

/** Everything about one task. */
export interface TaskFacts {
  readonly story: TaskStory;
  readonly stories: Stories;
  readonly task: Task;
  readonly status: Status;
  /** Since when it is ready, or will be; null otherwise. */
  readonly becameReadyAtMs: number | null;
  readonly openParents: readonly OpenParent[];
  /** The word that paused the board; undefined while it is not paused. */
  readonly paused: RecordedOf<'BoardPaused'> | undefined;
  readonly dispatchers: readonly ServingDispatcher[];
  readonly lane: Lane;
  /** The run that holds it; undefined unless it is running. */
  readonly holder: RunStory | undefined;
  /** The last run that sent it back to the queue; undefined when none did. */
  readonly previous: RunStory | undefined;
  readonly nowMs: number;
}

/** Everything about one run. */
export interface RunFacts {
  readonly run: RunStory;
  /** The story of its task. */
  readonly story: TaskStory;
  readonly nowMs: number;
}

/** The latest event of these types, at most so far into the log. */
export function latest<T extends TaskEvent['type']>(
  { events }: TaskStory,
  types: readonly T[],
  before = Number.POSITIVE_INFINITY,
): RecordedOf<T> | undefined {
  const wanted: ReadonlySet<string> = new Set(types);
  return events.findLast(({ type, position }) => wanted.has(type) && position < before) as
    | RecordedOf<T>
    | undefined;
}

/** The claim a run began with. */
export function claimOf(
  { events }: TaskStory,
  runId: string,
): RecordedOf<'TaskClaimed'> | undefined {
  return events.find((event) => event.type === 'TaskClaimed' && event.data.runId === runId) as
    | RecordedOf<'TaskClaimed'>
    | undefined;
}

/** What a run's end meant for its task; undefined where the task was moved by somebody else. */
export function conclusionOf({ events }: TaskStory, runId: string) {
  return events.find(
    (event) =>
      (event.type === 'TaskRequeued' ||
        event.type === 'TaskHalted' ||
        event.type === 'TaskCompleted' ||
        event.type === 'TaskBlocked' ||
        event.type === 'ReviewRequested') &&
      event.data.runId === runId,
  );
}

/** The first event of a run. */
export function openingOf({ events }: RunStory): RecordedOf<'RunOpened'> | undefined {
  return events.find(({ type }) => type === 'RunOpened') as RecordedOf<'RunOpened'> | undefined;
}

/** The process of a run's worker; undefined while none was recorded. */
export function spawnOf({ events }: RunStory): RecordedOf<'WorkerSpawned'> | undefined {
  return events.find(({ type }) => type === 'WorkerSpawned') as
    | RecordedOf<'WorkerSpawned'>
    | undefined;
}

/** The event that ended a run; undefined while it is open. */
export function endingOf({ events }: RunStory): Recorded<TerminalEvent> | undefined {
  return events.find(isTerminal) as Recorded<TerminalEvent> | undefined;
}

/** The last sign of life of a run's worker; undefined when it never gave one. */
export function lastSignOf({ events }: RunStory): Recorded<RunEvent> | undefined {
  return events.findLast((event) => event.type !== 'RunOpened' && !isTerminal(event));
}
