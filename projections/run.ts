/** Keeps the tables of a log up with it, and answers questions from them. */

import { logClosed } from '../src/log/closed.ts';
import { codec as boardCodec, type Codec } from '../src/log/codec.ts';
import {
  type EventLog,
  type LogHead,
  type Position,
  pageCharsMax,
  type StoredEvent,
} from '../src/log/event-log.ts';
import type { Timers } from '../src/log/ports.ts';
import type { Progress } from './build.ts';
import { type Checkpoint, startAt } from './checkpoint/checkpoint.ts';
import { type Keep, keepAt } from './keep.ts';
import { stoppedAt } from './projection.ts';
import type { Queries } from './queries.ts';
import type { SteppingTables } from './stepping.ts';
import type { Tables } from './tables.ts';
import { pause, whenFree } from './when-free.ts';

/** The tables of a log. */
export interface Projections {
  /**
   * Folds what the log has and the tables have not; resolves with the position reached, which is at
   * least the log's end at the time of the call. Rejects with `UnreadableEvent` or
   * `ProjectionStopped` at an event that cannot be folded; everything before it is in the tables.
   */
  catchUp(): Promise<Position>;
  /** Resolves once the tables contain `position`; catches up to get there. */
  waitFor(position: Position): Promise<void>;
  /** How far the tables have come. */
  checkpoint(): Checkpoint;
  /** The questions. To be taken anew for each read: a rebuild puts other tables in their place. */
  readonly queries: Queries;
  /**
   * The tables as they were where a log ends that is this one up to an earlier position: see
   * `cutLog`. They are closed on their own. Rejects like `catchUp`.
   */
  openPast(cut: EventLog, onProgress?: (progress: Progress) => void): Promise<Projections>;
  /**
   * Tables in memory as they were at a position, 0 for empty ones, which can step on from there.
   * They are closed on their own. Rejects like `catchUp`.
   */
  openStepping(upTo: Position, onProgress?: (progress: Progress) => void): Promise<SteppingTables>;
  close(): void;
}

/** What to keep, and where. */
export interface ProjectionsOptions {
  readonly log: EventLog;
  readonly timers: Timers;
  /** A directory, or `:memory:`. */
  readonly path: string;
  /** Reads what others keep up with the log, and never writes. Default false. */
  readonly readonly?: boolean;
  /** The operator vouches for the locks of the file system. Default false. */
  readonly trustFileSystem?: boolean;
  /** Default: the codec of the board's catalogue. */
  readonly codec?: Codec;
  /** Events folded in one transaction, and without a break for the event loop. */
  readonly pageSize?: number;
  /** How far a rebuild has come. */
  readonly onProgress?: (progress: Progress) => void;
  /** The tables are made anew; why, as half a sentence. */
  readonly onRebuild?: (why: string) => void;
}

/** Keeps the event loop free for others: about 5 ms a page. */
const pageSizeDefault = 500;

/** Commits and checkpoints of the tables are that far apart, ms: timers fire in between. */
const checkpointAfterMs = 1;

/** Pause before looking again for an event that must be there soon, ms. */
const lookAgainMs = 10;

/**
 * Opens the tables of a log. Those the log does not confirm are rebuilt: of another version of the
 * program, of another history of the log, ahead of it, or damaged.
 */
export function openProjections(options: ProjectionsOptions): Promise<Projections> {
  return openProjectionsIn(keepOf(options), options);
}

/** The same, in a place that somebody else keeps; the path is only what it is called. */
export async function openProjectionsIn(
  keep: Keep,
  options: ProjectionsOptions,
): Promise<Projections> {
  return new OpenProjections(options, keep, await keep.open());
}

function keepOf(options: ProjectionsOptions): Keep {
  const { log, timers, path, codec = boardCodec, trustFileSystem = false } = options;
  return keepAt(path, { log, timers, codec, trustFileSystem }, options);
}

class OpenProjections implements Projections {
  readonly #options: ProjectionsOptions;
  readonly #keep: Keep;
  #tables: Tables;
  #checkpoint: Checkpoint;
  #running: Promise<Position> | undefined;
  #next: Promise<Position> | undefined;
  #isClosed = false;

  constructor(options: ProjectionsOptions, keep: Keep, tables: Tables) {
    this.#options = options;
    this.#keep = keep;
    this.#tables = tables;
    this.#checkpoint = tables.checkpoint() ?? startAt(options.log.epoch);
  }

  get queries(): Queries {
    return this.#tables.queries;
  }

  checkpoint(): Checkpoint {
    this.#checkpoint = this.#tables.checkpoint() ?? this.#checkpoint;
    return this.#checkpoint;
  }

  /** One run at a time. Who comes meanwhile shares the next: this one may have read its last. */
  catchUp(): Promise<Position> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  async waitFor(position: Position): Promise<void> {
    while ((await this.catchUp()) < position) await pause(this.#options.timers, lookAgainMs);
  }

  async openPast(cut: EventLog, onProgress?: (progress: Progress) => void): Promise<Projections> {
    const parts = await this.#pastParts((await cut.head()).position);
    if (parts === undefined) return this.#foldAll(cut);
    const { openPast } = await import('./past/open-past.ts');
    return openPast(cut, parts, onProgress);
  }

  async openStepping(
    upTo: Position,
    onProgress?: (progress: Progress) => void,
  ): Promise<SteppingTables> {
    const { timers, codec = boardCodec } = this.#options;
    const { unthinnedLog } = await import('../src/log/restored.ts');
    const log = await unthinnedLog(this.#options.log);
    const parts = await this.#pastParts(upTo);
    if (parts !== undefined) {
      const { openSteppingPast } = await import('./past/open-stepping.ts');
      return openSteppingPast(log, upTo, parts, onProgress);
    }
    const { openSteppingTables } = await import('./stepping.ts');
    return openSteppingTables({ log, timers, codec }, upTo, { onProgress });
  }

  /** What it takes to look at the past in files; undefined where it has to be folded. */
  async #pastParts(upTo: Position) {
    const { path, timers, codec = boardCodec, trustFileSystem = false } = this.#options;
    if (path === ':memory:' || !(await this.#reaches(upTo))) return undefined;
    return { directory: path, timers, codec, trustFileSystem };
  }

  /** Whether the tables contain a position, after catching up if need be, as far as that goes. */
  async #reaches(position: Position): Promise<boolean> {
    if (this.checkpoint().position < position) await this.catchUp().catch(() => undefined);
    return this.checkpoint().position >= position;
  }

  async #foldAll(cut: EventLog): Promise<Projections> {
    const tables = await openProjections({ ...this.#options, log: cut, path: ':memory:' });
    await tables.catchUp();
    return tables;
  }

  close(): void {
    this.#isClosed = true;
    this.#tables.close();
  }

  #start(): Promise<Position> {
    const run = this.#run().finally(() => {
      this.#running = undefined;
    });
    this.#running = run;
    return run;
  }

  async #run(): Promise<Position> {
    for (;;) {
      this.#refuseWhenClosed();
      const from = await this.#currentCheckpoint();
      if (this.#options.readonly) return from.position;
      const head = await this.#options.log.head();
      const position = await this.#foldPage(from, head);
      if (position === undefined) return from.position;
      if (position >= head.position) return position;
      await new Promise<void>((resolve) => this.#options.timers.immediate(resolve));
    }
  }

  /** Moves to the new file first, when a rebuild has made one. */
  async #currentCheckpoint(): Promise<Checkpoint> {
    const checkpoint = this.#tables.checkpoint();
    if (checkpoint !== undefined) return checkpoint;
    const rebuilt = await this.#keep.open();
    this.#tables.close();
    this.#tables = rebuilt;
    if (this.#isClosed) this.close();
    this.#refuseWhenClosed();
    return this.checkpoint();
  }

  /** Folds the next events; resolves with the position reached, undefined if there are none. */
  async #foldPage(from: Checkpoint, head: LogHead): Promise<Position | undefined> {
    const { log, pageSize = pageSizeDefault } = this.#options;
    if (from.position >= head.position) return undefined;
    const wanted = { after: from.position, limit: pageSize, charsMax: pageCharsMax };
    const stored = await log.readAll(wanted);
    return stored.length === 0 ? undefined : this.#foldReadable(stored, from, head);
  }

  /** Folds everything before the first event that cannot be folded; throws if that is the first. */
  async #foldReadable(stored: readonly StoredEvent[], from: Checkpoint, head: LogHead) {
    try {
      return await this.#fold(stored, from, head);
    } catch (error) {
      const stopped = stoppedAt(error) ?? Number.NEGATIVE_INFINITY;
      const before = stored.filter(({ position }) => position < stopped);
      if (before.length === 0) throw error;
      return this.#fold(before, from, head);
    }
  }

  /** Resolves with the position reached: where it began, when another process was faster. */
  async #fold(stored: readonly StoredEvent[], from: Checkpoint, head: LogHead): Promise<Position> {
    const { log, timers, codec = boardCodec } = this.#options;
    const events = stored.map(codec.decode);
    const position = events.at(-1)?.position ?? from.position;
    const hash = position === head.position ? head.hash : await log.hashAt(position);
    const to = { ...from, position, hash: hash ?? '' };
    // When another process was faster, the next round goes on from where that one has come.
    const isFirst = await whenFree(timers, () => {
      this.#refuseWhenClosed();
      return this.#tables.apply({ from, events, to });
    });
    this.#makeCheckpointSoon();
    return isFirst ? position : from.position;
  }

  #makeCheckpointSoon(): void {
    const { checkpoints } = this.#tables;
    if (this.#isClosed || !checkpoints.areDue()) return;
    this.#options.timers.after(checkpointAfterMs, checkpoints.make, 'background');
  }

  #refuseWhenClosed(): void {
    if (this.#isClosed) throw logClosed();
  }
}
