/** A command on its way: who sends it, and what it wants to append where. */
import type { BoardDomainEvent } from '../domain/catalogue.ts';
import type { Actor, Surface } from '../domain/event.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ExpectedVersion, Position, Version } from '../log/event-log.ts';
import type { Loader } from './load.ts';

/** Who sends a command, through which door, and because of what. */
export interface Caller {
  readonly actor: Actor;
  readonly surface: Surface;
  /** Id of this very command; a repeat under the same id is stored once. Made when left out. */
  readonly commandId?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  /**
   * The version at which a task was looked at: the command is refused with `revision_moved` when
   * the task has moved since.
   */
  readonly seen?: { readonly taskId: string; readonly version: Version };
}

/** Events for one stream, decided on the version it was loaded at. No events: a guard. */
export interface PlannedWrite {
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: readonly BoardDomainEvent[];
  /**
   * The event these follow from, one of the same command or one that is stored: their ids derive
   * from it, so whoever draws them draws the same.
   */
  readonly follows?:
    | { readonly stream: string; readonly index: number }
    | { readonly eventId: string };
}

/** What an attempt at a command goes by. */
export interface Moment {
  readonly nowMs: number;
  readonly loader: Loader;
}

/** Turns what an attempt sees into what it wants stored, or refuses. */
export type PlanAt<T> = (moment: Moment) => Promise<Plan<T> | Refusal>;

/** What a command wants to store, and the answer it gives once that is stored. */
export interface Plan<T> {
  readonly refused: false;
  /** The decision first, then what follows from it: not every log stores all of them at once. */
  readonly writes: readonly PlannedWrite[];
  /**
   * How to go on when the decision stands and what follows did not fit. Without it the command is
   * decided again, on what is there now.
   */
  readonly rest?: PlanAt<T>;
  /** Ties together what belongs to one attempt; used unless the caller names a correlation. */
  readonly correlationId?: string;
  answer(stored: Stored): T;
}

/** Where the writes of a plan ended up. */
export interface Stored {
  /** Position to wait for to read one's own write; undefined when nothing had to be stored. */
  readonly position: Position | undefined;
  /** Version of each stream after its write, in the order of the plan. */
  readonly versions: readonly Version[];
}
