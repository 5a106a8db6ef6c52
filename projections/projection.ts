/** What a projection is: the shape of a table, and how events become its rows. */
import type Database from 'better-sqlite3';
import type { BoardDomainEvent, Recorded } from '../src/domain/catalogue.ts';
import type { Change } from '../src/domain/change.ts';
import type { RunRecord } from '../src/domain/run/record.ts';
import type { TaskRecord } from '../src/domain/task/record.ts';
import { UnreadableEvent } from '../src/log/codec.ts';
import type { Position } from '../src/log/event-log.ts';

/** A table folded from the log. */
export interface Projection<E extends BoardDomainEvent = BoardDomainEvent> {
  /** Name of the table and of its folder. */
  readonly table: string;
  /** The columns whose order is the order of the rows. */
  readonly key: string;
  /** Raised when the same events make other rows although the shape stayed as it was. */
  readonly version: number;
  /** The SQL that creates the table and its indexes. */
  readonly shape: string;
  /** The types of the events it folds; it is not shown any others. */
  readonly folds: readonly E['type'][];
  /** Prepares to fold into a database that has the shapes of all projections. */
  open(db: Database.Database): Folding<E>;
  /** Present when the table is a journal. */
  readonly journal?: Journal;
  /** The shape without what only queries need; for tables that are compared and thrown away. */
  readonly bareShape?: string;
}

/**
 * A table whose key begins with the position of the event, whose rows are added in the order of
 * the key and stay as they are, and which no fold reads.
 */
export interface Journal {
  readonly columns: readonly string[];
  /** Prepares to fold into somebody else's hands: the values of a row, in the order of columns. */
  open(add: (values: readonly unknown[]) => void): Folding;
}

/** A projection at work. Everything it does happens inside its caller's transaction. */
export interface Folding<E extends BoardDomainEvent = BoardDomainEvent> {
  /** Folds one event; throws when the event cannot have happened. */
  fold(step: Step<E>): void;
  /** Writes the rows that were held back. */
  flush?(): void;
  /** Forgets rows held in memory: the transaction was given up, or others may have written. */
  forget?(): void;
  /** The page is done: forgets the rows that the next one will hardly ask for. Default: all. */
  letGo?(): void;
}

/** One event on its way through all projections. Later ones see what earlier ones changed. */
export interface Step<E extends BoardDomainEvent = BoardDomainEvent> {
  readonly event: Recorded<E>;
  /** The tasks whose own standing, text or readiness it changed, in the order they changed. */
  readonly tasks: Change<TaskRecord>[];
  /** The run it changed. */
  readonly runs: Change<RunRecord>[];
}

/** The types in a map of event shapes. */
export function typesOf<M extends object>(events: M): readonly (keyof M & string)[] {
  return Object.keys(events) as (keyof M & string)[];
}

/** Folding stopped at an event that cannot follow the ones before it. */
export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';
  readonly code = 'projection_stopped';
  readonly hint = 'Run `logboard verify`: the log is damaged, or this program has a bug.';
  /** Position of the event. The tables contain everything before it. */
  readonly position: Position;

  constructor(event: Recorded, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const place = `position ${event.position} (${event.stream}@${event.version})`;
    super(`Cannot fold ${event.type} at ${place} into the tables: ${reason}`, { cause });
    this.position = event.position;
  }
}

/** Where folding stopped; undefined when the fault is not about an event. */
export function stoppedAt(error: unknown): Position | undefined {
  const isAboutEvent = error instanceof UnreadableEvent || error instanceof ProjectionStopped;
  return isAboutEvent ? error.position : undefined;
}
