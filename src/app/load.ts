/**
 * Loads aggregates: folds their streams, and remembers what it folded.
 *
 * A command may be decided on what is remembered, without reading anything: its append holds only
 * while every stream it was decided on still stands where it was remembered. Only what is stored
 * then counts; whatever else comes out of such a decision is decided again on what is read.
 */
import { LRUCache } from 'lru-cache';
import type { BoardEvent } from '../domain/board/events.ts';
import { type BoardState, evolveBoard } from '../domain/board/state.ts';
import { type BoardDomainEvent, streams } from '../domain/catalogue.ts';
import type { FoldMeta } from '../domain/event.ts';
import type { RunEvent } from '../domain/run/events.ts';
import { evolveRun, type RunState } from '../domain/run/state.ts';
import type { TaskEvent } from '../domain/task/events.ts';
import { evolveTask, type TaskState } from '../domain/task/state.ts';
import type { Codec } from '../log/codec.ts';
import type { Appended, EventLog, Position, StreamWrite, Version } from '../log/event-log.ts';

/** An aggregate as its stream tells it. */
export interface Loaded<S> {
  readonly stream: string;
  /** Version of the stream's last event; -1 when there is none. */
  readonly version: Version;
  /** A position at or after the stream's last event; 0 when there is none. */
  readonly position: Position;
  readonly state: S;
}

/** What was stored in a stream. */
export interface Written {
  readonly stream: string;
  readonly events: readonly BoardDomainEvent[];
}

/** Folded streams. */
export interface Loader {
  task(taskId: string): Promise<Loaded<TaskState>>;
  run(runId: string): Promise<Loaded<RunState>>;
  board(): Promise<Loaded<BoardState>>;
  /** A task under an id that was just made: not worth a read when it need not be certain. */
  newTask(taskId: string): Promise<Loaded<TaskState>>;
  /** A run under an id that was just made. */
  newRun(runId: string): Promise<Loaded<RunState>>;
}

/** What one attempt at a command sees of the board. */
export interface View {
  readonly loader: Loader;
  /** False once something was taken from memory: it may be older than the attempt. */
  isCertain(): boolean;
  /** Guards for what was taken from memory and is not among these writes. */
  guardsBeside(writes: readonly StreamWrite[]): readonly StreamWrite[];
  /**
   * Folds what was stored on top of what was loaded, so that nobody has to read it back. Of a
   * repeat nothing is learned: the log holds what was said the first time.
   */
  learn(writes: readonly Written[], meta: FoldMeta, stored: Appended): void;
}

/** The views of a board; they share what was folded before. */
export interface Memory {
  /** Reads the tail of every stream: nothing is older than the moment it is asked for. */
  fresh(): View;
  /** Reads only what is not remembered. */
  remembered(): View;
}

/** Memory for folded streams, in bytes of the texts they carry, roughly. */
const cacheBytesMax = 32 * 1024 * 1024;
/** What a folded stream weighs besides what was said. */
const entryBytes = 2_048;
/** What a value weighs besides its text: in metadata, most may be numbers. */
const valueBytes = 16;
const pageSize = 1_000;

type Fold<S> = (state: S, event: never, meta: FoldMeta) => S;

/** A stream that a view has loaded, and how its state goes on. */
interface Seen {
  readonly loaded: Loaded<unknown>;
  readonly fold: Fold<unknown>;
  readonly isRemembered: boolean;
}

/** A memory over the log. */
export function createMemory(deps: { log: EventLog; codec: Codec }): Memory {
  const folded = new LRUCache<string, Loaded<unknown>>({
    maxSize: cacheBytesMax,
    sizeCalculation: weighLoaded,
  });

  async function read<S>(stream: string, fold: Fold<S>): Promise<Loaded<S>> {
    const known = folded.get(stream) as Loaded<S> | undefined;
    const loaded = await foldTail(known ?? unwritten<S>(stream), fold);
    remember(loaded);
    return loaded;
  }

  async function foldTail<S>(known: Loaded<S>, fold: Fold<S>): Promise<Loaded<S>> {
    const { stream } = known;
    let loaded = known;
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

  /** Two commands may fold the same stream at once: the longer story stays. */
  function remember(loaded: Loaded<unknown>): void {
    const known = folded.get(loaded.stream)?.version ?? -1;
    if (loaded.version > known) folded.set(loaded.stream, loaded);
  }

  function createView(mayRemember: boolean): View {
    const seen = new Map<string, Seen>();

    async function load<S>(stream: string, fold: Fold<S>, assumed?: Loaded<S>) {
      const remembered = mayRemember ? (folded.get(stream) ?? assumed) : undefined;
      const loaded = (remembered as Loaded<S> | undefined) ?? (await read(stream, fold));
      const isRemembered = remembered !== undefined;
      seen.set(stream, { loaded, fold: fold as Fold<unknown>, isRemembered });
      return loaded;
    }

    function learn(writes: readonly Written[], meta: FoldMeta, stored: Appended): void {
      if (stored.repeated) return;
      for (const [index, { stream, events }] of writes.entries()) {
        const base = seen.get(stream);
        const version = stored.versions[index];
        if (base === undefined || version !== base.loaded.version + events.length) continue;
        const state = foldAll(base, events, meta);
        remember({ stream, version, position: stored.position, state });
      }
    }

    return {
      loader: createLoader(load),
      isCertain: () => ![...seen.values()].some(({ isRemembered }) => isRemembered),
      guardsBeside: (writes) => {
        const named = new Set(writes.map(({ stream }) => stream));
        return [...seen.values()]
          .filter(({ loaded, isRemembered }) => isRemembered && !named.has(loaded.stream))
          .map(({ loaded: { stream, version } }) => guard(stream, version));
      },
      learn,
    };
  }

  return { fresh: () => createView(false), remembered: () => createView(true) };
}

type Load = <S>(stream: string, fold: Fold<S>, assumed?: Loaded<S>) => Promise<Loaded<S>>;

function createLoader(load: Load): Loader {
  const loadNew = <S>(stream: string, fold: Fold<S>) => load(stream, fold, unwritten<S>(stream));
  return {
    task: (taskId) => load<TaskState>(streams.task(taskId), foldTask),
    run: (runId) => load<RunState>(streams.run(runId), foldRun),
    board: () => load<BoardState>(streams.board, foldBoard),
    newTask: (taskId) => loadNew<TaskState>(streams.task(taskId), foldTask),
    newRun: (runId) => loadNew<RunState>(streams.run(runId), foldRun),
  };
}

const foldTask = (state: TaskState, event: TaskEvent, meta: FoldMeta) =>
  evolveTask(state, event, meta);
const foldRun = (state: RunState, event: RunEvent, meta: FoldMeta) => evolveRun(state, event, meta);
const foldBoard = (state: BoardState, event: BoardEvent, meta: FoldMeta) =>
  evolveBoard(state, event, meta);

function foldAll(base: Seen, events: readonly BoardDomainEvent[], meta: FoldMeta): unknown {
  return events.reduce((state, event) => base.fold(state, event as never, meta), base.loaded.state);
}

function unwritten<S>(stream: string): Loaded<S> {
  return { stream, version: -1, position: 0, state: undefined as S };
}

function guard(stream: string, version: Version): StreamWrite {
  return { stream, expected: version === -1 ? 'no_stream' : version, events: [] };
}

function weighLoaded({ state }: Loaded<unknown>): number {
  return entryBytes + weigh(state);
}

/** Walks through all there is, in a microsecond: a list of the long fields would be forgotten. */
function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = 0;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key in fields) bytes += valueBytes + weigh(fields[key]);
  return bytes;
}
