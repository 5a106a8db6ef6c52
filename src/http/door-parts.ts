/** What the door is made of: `main.ts` has the real parts, a test may have others. */
import type { Board } from '../app/board.ts';
import type { Config } from '../config.ts';
import type { Position, StoredEvent } from '../log/event-log.ts';
import type { Clock, Timers } from '../log/ports.ts';

/** What the credentials of a board come to; tokens themselves are known by their hash alone. */
export interface KeptSecrets {
  /** SHA-256 (hex) of each role's token. */
  readonly tokenHashes: Readonly<Record<'reader' | 'operator' | 'worker', string>>;
  /** Signs what browsers are given instead of a token; 32 bytes. */
  readonly cookieKey: Uint8Array;
}

/** The parts. */
export interface DoorParts {
  readonly board: Board;
  /** Where the board is, and what to call it. */
  readonly place: { readonly directory: string; readonly label: string };
  readonly config: Config;
  /** Name of whoever acts with an operator's token. */
  readonly operatorName: string;
  readonly secrets: KeptSecrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly version: string;
  /** The built page; where it is missing, the door says so. */
  readonly webDirectory: string;
  /** The pages of the log after a position, forever, until the signal. */
  follow(after: Position, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;
  /** Hears of faults that nobody else is told about. */
  onFault(fault: unknown): void;
}
