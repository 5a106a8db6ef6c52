/** What the page knows at a position, and from which it folds on. */
import type { BoardState } from '../../domain/board/state.ts';
import type { RunRecord } from '../../domain/run/record.ts';
import type { TaskRecord } from '../../domain/task/record.ts';

/** A dispatcher at work. */
export interface Dispatcher {
  readonly dispatcherId: string;
  readonly host: string;
  /** Whom it starts workers for. */
  readonly assignees: readonly string[];
  /** How many workers it lets run at once. */
  readonly maxRunning: number;
  /** Of the event that it came with. */
  readonly position: number;
}

/** The board at a position. Archived tasks are in it when they were asked for. */
export interface Snapshot {
  readonly position: number;
  readonly board: NonNullable<BoardState>;
  readonly tasks: readonly TaskRecord[];
  /** The open runs. */
  readonly runs: readonly RunRecord[];
  readonly dispatchers: readonly Dispatcher[];
}
