/** The moments of a task, and of the board around it, that a picture of the past must show. */
import { type EventType, type Recorded, streamId } from './catalogue.ts';
import type { Actor } from './event.ts';

/** What a mark stands for. */
export const markKinds = [
  /** A run was taken away: silent, without progress, or because a person said so. */
  'reclaim',
  /** A run came to grief: crashed, timed out, could not be started, left without a word. */
  'failure',
  /** The breaker halted the task. */
  'halt',
  /** A stale write was refused. */
  'refusal',
  /** A silent worker was seen alive, and its lease extended. */
  'extension',
  /** A worker found its model or service at its limit. */
  'hold',
  /** A person did something. */
  'human',
  /** The rules changed, or the board was paused or resumed. */
  'policy',
  /** A dispatcher came or went. */
  'dispatcher',
] as const;
export type MarkKind = (typeof markKinds)[number];

/** A moment. */
export interface Mark {
  readonly kind: MarkKind;
  readonly type: EventType;
  readonly position: number;
  /** Wall clock of whoever wrote it, UTC ms. */
  readonly atMs: number;
  /** Null for what concerns the whole board. */
  readonly taskId: string | null;
  readonly runId: string | null;
  readonly actor: Actor;
  /** What the event says, as far as a sentence about it needs. */
  readonly data: Recorded['data'];
}

const kinds: Readonly<Partial<Record<EventType, MarkKind>>> = {
  RunReclaimed: 'reclaim',
  RunWentStale: 'reclaim',
  RunCrashed: 'failure',
  RunTimedOut: 'failure',
  SpawnFailed: 'failure',
  ProtocolViolated: 'failure',
  TaskHalted: 'halt',
  WriteRefused: 'refusal',
  RefusalsSummarized: 'refusal',
  LeaseExtended: 'extension',
  RunRateLimited: 'hold',
  PolicyChanged: 'policy',
  BoardPaused: 'policy',
  BoardResumed: 'policy',
  DispatcherStarted: 'dispatcher',
  DispatcherStopped: 'dispatcher',
};

/** Where a life begins, there is nothing to mark; what a run's end means stands at the end. */
const unmarked: ReadonlySet<EventType> = new Set<EventType>([
  'TaskCreated',
  'TaskClaimed',
  'TaskRequeued',
  'RunOpened',
  'RunCompleted',
  'RunBlocked',
  'BoardCreated',
]);

/** The mark of an event; undefined when it has none. Of a run's own, the task is `ownerId`. */
export function markOf(event: Recorded, ownerId: string | null = null): Mark | undefined {
  const { type, position, stream, meta, data } = event;
  const isByHand = meta.actor.kind === 'human' && !unmarked.has(type);
  const kind = kinds[type] ?? (isByHand ? 'human' : undefined);
  if (kind === undefined) return undefined;
  const [category = '', id] = [stream.split('-')[0], streamId(stream)];
  const isAboutTask = ['task', 'note', 'refused'].includes(category);
  const inData = 'runId' in data ? (data.runId ?? null) : null;
  const runId = category === 'run' ? id : inData;
  const taskId = isAboutTask ? id : category === 'run' ? ownerId : null;
  return { kind, type, position, atMs: meta.at, taskId, runId, actor: meta.actor, data };
}
