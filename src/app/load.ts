/**
 * Loads aggregates: folds their streams, remembering what it folded, so only news is read again.
 */
import { LRUCache } from 'lru-cache';
import type { BoardEvent } from '../domain/board/events.ts';
import { type BoardState, evolveBoard } from '../domain/board/state.ts';
import { type Recorded, streams } from '../domain/catalogue.ts';
import type { RunEvent } from '../domain/run/events.ts';
import { evolveRun, type RunState } from '../domain/run/state.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import { evolveTask, type TaskState } from '../domain/task/state.ts';
import type { Codec } from '../log/codec.ts';
import type { EventLog, Position, Version } from '../log/event-log.ts';

/** An aggregate as its stream tells it right now. */
export interface Loaded<S> {
  readonly stream: string;
  /** Version of the stream's last event; -1 when there is none. */
  readonly version: Version;
  /** Position of the stream's last event; 0 when there is none. */
  readonly position: Position;
  readonly state: S;
}

/** Folded streams, as they stand at the time of the call. */
export interface Loader {
  task(taskId: string): Promise<Loaded<TaskState>>;
  run(runId: string): Promise<Loaded<RunState>>;
  board(): Promise<Loaded<BoardState>>;
}

/** Memory for folded streams, in bytes of the texts they carry, roughly. */
const cacheBytesMax = 32 * 1024 * 1024;
/** What a folded stream weighs besides its longest text. */
const entryBytes = 2_048;
const pageSize = 1_000;

type Fold<S> = (state: S, event: never, meta: Recorded['meta']) => S;

/**
 * A loader over the log. Every load reads the stream's tail, so a state is never older than the
 * moment it was asked for; the memory only saves folding the same events twice.
 */
export function createLoader(deps: { log: EventLog; codec: Codec }): Loader {
  const remembered = new LRUCache<string, Loaded<unknown>>({
    maxSize: cacheBytesMax,
    sizeCalculation: weigh,
  });

  async function load<S>(stream: string, fold: Fold<S>): Promise<Loaded<S>> {
    const known = remembered.get(stream) as Loaded<S> | undefined;
    const loaded = await foldTail(stream, known, fold);
    if (loaded !== known && loaded.version >= 0) remembered.set(stream, loaded);
    return loaded;
  }

  async function foldTail<S>(
    stream: string,
    known: Loaded<S> | undefined,
    fold: Fold<S>,
  ): Promise<Loaded<S>> {
    let loaded = known ?? { stream, version: -1, position: 0, state: undefined as S };
    for (;;) {
      const from = loaded.version + 1;
      const page = await deps.log.readStream(stream, { from, limit: pageSize });
      for (const stored of page) {
        const event = deps.codec.decode(stored);
        const state = fold(loaded.state, event as never, event.meta);
        loaded = { stream, version: stored.version, position: stored.position, state };
      }
      if (page.length < pageSize) return loaded;
    }
  }

  return {
    task: (taskId) => load<TaskState>(streams.task(taskId), foldTask),
    run: (runId) => load<RunState>(streams.run(runId), foldRun),
    board: () => load<BoardState>(streams.board, foldBoard),
  };
}

const foldTask = (state: TaskState, event: TaskEvent, meta: Recorded['meta']) =>
  evolveTask(state, event, meta);
const foldRun = (state: RunState, event: RunEvent, meta: Recorded['meta']) =>
  evolveRun(state, event, meta);
const foldBoard = (state: BoardState, event: BoardEvent, meta: Recorded['meta']) =>
  evolveBoard(state, event, meta);

function weigh(loaded: Loaded<unknown>): number {
  const body = (loaded.state as { body?: string | null } | undefined)?.body;
  return entryBytes + (body?.length ?? 0);
}
