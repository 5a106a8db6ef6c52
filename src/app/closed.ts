/**
 * Finds the streams in which nothing is expected to happen any more: those of tasks that were done
 * with long enough ago, and of dispatchers that stopped.
 */
import { type Recorded, streamId, streams } from '../domain/catalogue.ts';
import { isTerminal, type RunEvent } from '../domain/run/events.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import { evolveTask, type TaskState } from '../domain/task/state.ts';
import type { Codec } from '../log/codec.ts';
import type { EventLog, Position, StoredEvent } from '../log/event-log.ts';
import { pagesOf } from '../log/pages.ts';

/** The closed streams of a log. */
export interface Closed {
  has(stream: string): boolean;
  /** The last position of an event in one of them; 0 when there are none. */
  readonly upTo: Position;
}

/** What to look for. */
export interface ClosedWanted {
  /** Only what was touched last before this moment, UTC ms. */
  readonly beforeMs: number;
  readonly onProgress: (position: Position) => void;
}

/** What is known of a task and all that belongs to it, or of a dispatcher. */
interface Life {
  readonly streams: Set<string>;
  task: TaskState;
  openRuns: number;
  isStopped: boolean;
  lastAtMs: number;
  lastPosition: Position;
}

/** Reads the log and folds it: a task is closed with its runs, its notes and what was refused. */
export async function findClosed(
  { log, codec }: { readonly log: EventLog; readonly codec: Codec },
  { beforeMs, onProgress }: ClosedWanted,
): Promise<Closed> {
  const lives = new Map<string, Life>();
  const taskOfRun = new Map<string, string>();
  for await (const page of pagesOf(log)) {
    for (const stored of page) take(codec.decodeUnchecked(stored), { lives, taskOfRun });
    onProgress(page.at(-1)!.position);
  }
  const over = [...lives.values()].filter((life) => isOver(life) && life.lastAtMs < beforeMs);
  const closed = new Set(over.flatMap((life) => [...life.streams]));
  const upTo = over.reduce((last, { lastPosition }) => Math.max(last, lastPosition), 0);
  return { has: (stream) => closed.has(stream), upTo };
}

interface Known {
  readonly lives: Map<string, Life>;
  readonly taskOfRun: Map<string, string>;
}

function take(event: Recorded, { lives, taskOfRun }: Known): void {
  const { stream } = event;
  if (event.type === 'RunOpened') taskOfRun.set(stream, event.data.taskId);
  const owner = ownerOf(stream, taskOfRun);
  if (owner === undefined) return;
  const life = lives.get(owner) ?? newLife();
  lives.set(owner, life);
  life.streams.add(stream);
  life.lastAtMs = Math.max(life.lastAtMs, event.meta.at);
  life.lastPosition = event.position;
  if (stream === owner && stream.startsWith('task-')) {
    life.task = evolveTask(life.task, event as Recorded<TaskEvent>, event.meta);
  }
  if (event.type === 'RunOpened') life.openRuns += 1;
  if (isEnding(event)) life.openRuns -= 1;
  if (event.type === 'DispatcherStopped') life.isStopped = true;
}

/** The stream whose fate decides about a stream; undefined for the board, which stays open. */
function ownerOf(
  stream: StoredEvent['stream'],
  taskOfRun: ReadonlyMap<string, string>,
): string | undefined {
  if (stream === streams.board) return undefined;
  if (stream.startsWith('dispatcher-')) return stream;
  const taskId = stream.startsWith('run-') ? taskOfRun.get(stream) : streamId(stream);
  return taskId === undefined ? undefined : streams.task(taskId);
}

function newLife(): Life {
  return {
    streams: new Set(),
    task: undefined,
    openRuns: 0,
    isStopped: false,
    lastAtMs: 0,
    lastPosition: 0,
  };
}

function isEnding(event: Recorded): boolean {
  return event.stream.startsWith('run-') && isTerminal(event as Recorded<RunEvent>);
}

function isOver({ task, openRuns, isStopped }: Life): boolean {
  const status = task?.standing.status;
  const isClosed = status === 'done' || status === 'archived' || status === 'tombstoned';
  return isStopped || (isClosed && openRuns === 0);
}
