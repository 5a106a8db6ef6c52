/** What every command works with: the board's parts, in the name of one caller. */
import type { Policy } from '../domain/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Execute } from './execute.ts';
import type { Memory } from './load.ts';
import type { Caller } from './plan.ts';
import type { RecordRefusal } from './refused.ts';

/** Where the ids of new tasks, runs and commands come from. */
export interface BoardIds {
  /**
   * A new task id; derived from the key (and the round, when that one is taken) if there is one.
   */
  taskId(idempotencyKey?: string, round?: number): string;
  runId(): string;
  commandId(): string;
}

/** The board's parts, and the caller in whose name they are used. */
export interface Session {
  readonly execute: Execute;
  readonly memory: Memory;
  /** To read what no fold remembers, and to know whether several writes are one. */
  readonly log: Pick<EventLog, 'atomic' | 'readStream'>;
  readonly caller: Caller;
  readonly ids: BoardIds;
  policy(): Policy;
  readonly recordRefusal: RecordRefusal;
}
