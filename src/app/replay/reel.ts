/**
 * The past of a board as a strip of frames: one event after another, and the board as each left it.
 *
 * It reads a log and has tables of its own, in memory. There is nothing through which it could
 * append, and no dispatcher that would hear of it: what happens in a replay happened before.
 */
import type { Queries } from '../../../projections/index.ts';
import type { Projections } from '../../../projections/run.ts';
import type { SteppingTables } from '../../../projections/stepping.ts';
import type { TaskRow } from '../../../projections/tasks/row.ts';
import type { TimelineRow } from '../../../projections/timeline/row.ts';
import type { Recorded } from '../../domain/catalogue.ts';
import { type TurningPoint, turningPointsOf } from '../../domain/turning-point.ts';
import { codec } from '../../log/codec.ts';
import { type LogReader, type Position, pageCharsMax } from '../../log/event-log.ts';
import { isAboutOne, taskOf, unlisted } from './about.ts';

/** An event that is about to be shown. */
export interface Upcoming {
  readonly position: Position;
  /** When it happened by its writer's wall clock, UTC ms. */
  readonly atMs: number;
  /** How long after the one shown before, ms; 0 for the first, and where the clock went back. */
  readonly gapMs: number;
  readonly event: Recorded;
}

/** An event, and the board as it left it. */
export interface Frame extends Upcoming {
  /** The task it is about, if any. */
  readonly taskId: string | null;
  /** The tasks whose rows or runs it changed, as they are now. */
  readonly changed: readonly TaskRow[];
  /** What the timeline says of it, or one entry made for an event it leaves out. */
  readonly entries: readonly TimelineRow[];
  readonly turningPoints: readonly TurningPoint[];
}

/** The strip, standing somewhere between two events. */
export interface Reel {
  /** First and last position to show. */
  readonly first: Position;
  readonly last: Position;
  /** The board as it is here. To be taken anew after each move. */
  readonly queries: Queries;
  /** Up to where the board contains the log. */
  position(): Position;
  /** The next event to show; it is not on the board yet. Undefined at the end. */
  upcoming(): Promise<Upcoming | undefined>;
  /** Puts the next event on the board. Undefined at the end. */
  advance(): Promise<Frame | undefined>;
  /** Goes to where `position` was the last event, in either direction; answers that frame. */
  seek(position: Position): Promise<Frame | undefined>;
  close(): void;
}

/** What to show, and of which log. */
export interface ReelOptions {
  readonly log: LogReader;
  /** Its tables: they know what was written down of the past. */
  readonly projections: Pick<Projections, 'openStepping'>;
  readonly first: Position;
  readonly last: Position;
  /** Only what concerns these tasks; the rest happens without being shown. Default: everything. */
  readonly taskIds?: readonly string[];
  /** How far the way to the first event has come. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Events read at a time. */
const pageSize = 500;

/** Opens the strip before its first event. Rejects when an event before it cannot be folded. */
export async function openReel(options: ReelOptions): Promise<Reel> {
  const { first, projections, onProgress } = options;
  return new OpenReel(options, await projections.openStepping(first - 1, onProgress));
}

class OpenReel implements Reel {
  readonly #options: ReelOptions;
  #tables: SteppingTables;
  #position: Position;
  /** When the event shown last happened; undefined before the first. */
  #atMs: number | undefined;
  /** Read from the log, and not on the board yet. */
  #ahead: Recorded[] = [];

  constructor(options: ReelOptions, tables: SteppingTables) {
    this.#options = options;
    this.#tables = tables;
    this.#position = options.first - 1;
  }

  get first(): Position {
    return this.#options.first;
  }

  get last(): Position {
    return this.#options.last;
  }

  get queries(): Queries {
    return this.#tables.queries;
  }

  position(): Position {
    return this.#position;
  }

  async upcoming(): Promise<Upcoming | undefined> {
    const { taskIds } = this.#options;
    for (;;) {
      const event = await this.#next();
      if (event === undefined) return undefined;
      if (taskIds === undefined || isAboutOne(event, taskIds, this.queries)) {
        return this.#seen(event);
      }
      this.#fold(event);
    }
  }

  async advance(): Promise<Frame | undefined> {
    const upcoming = await this.upcoming();
    if (upcoming === undefined) return undefined;
    const { event, position, atMs } = upcoming;
    const taskIds = this.#fold(event);
    this.#atMs = atMs;
    const { queries } = this;
    return {
      ...upcoming,
      taskId: taskOf(event, queries),
      changed: taskIds.flatMap((id) => queries.task(id, atMs) ?? []),
      entries: entriesAt(position, queries) ?? [unlisted(event, queries)],
      turningPoints: turningPointsOf(event),
    };
  }

  async seek(position: Position): Promise<Frame | undefined> {
    const before = Math.max(this.first, position) - 1;
    if (before < this.#position) {
      const { projections, onProgress } = this.#options;
      const tables = await projections.openStepping(before, onProgress);
      this.#tables.close();
      this.#tables = tables;
      this.#position = before;
      this.#ahead = [];
    }
    while (this.#position < before) {
      const event = await this.#next();
      if (event === undefined) break;
      this.#fold(event);
    }
    this.#atMs = undefined;
    return position < this.first ? undefined : this.advance();
  }

  close(): void {
    this.#tables.close();
  }

  #seen(event: Recorded): Upcoming {
    const atMs = event.meta.at;
    const gapMs = Math.max(0, atMs - (this.#atMs ?? atMs));
    return { position: event.position, atMs, gapMs, event };
  }

  #fold(event: Recorded): readonly string[] {
    const taskIds = this.#tables.step(event);
    this.#position = event.position;
    this.#ahead.shift();
    return taskIds;
  }

  /** Reads on when all that was read is on the board. */
  async #next(): Promise<Recorded | undefined> {
    const { log, last } = this.#options;
    if (this.#ahead.length === 0 && this.#position < last) {
      const wanted = { after: this.#position, limit: pageSize, charsMax: pageCharsMax };
      const page = await log.readAll(wanted);
      this.#ahead = page.filter(({ position }) => position <= last).map(codec.decode);
    }
    return this.#ahead[0];
  }
}

/** Undefined when the timeline leaves the event out. */
function entriesAt(position: Position, queries: Queries): readonly TimelineRow[] | undefined {
  const between = { afterPosition: position - 1, beforePosition: position + 1 };
  const rows = queries.timeline({ ...between, limit: entriesMax });
  return rows.length === 0 ? undefined : rows;
}

/** What follows from one event is told in full up to so many entries. */
const entriesMax = 1_000;
