/** What a verb is: how it is called, and what it does. Each has a file in `verbs/`. */
import type { Command } from 'commander';
import type { Board } from '../app/board.ts';
import type { Caller } from '../app/plan.ts';
import type { Config } from '../config.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { BoardPlace } from './board-place.ts';
import type { VerbWords } from './completion-script.ts';
import type { Io } from './io.ts';
import type { PastMoment } from './past-moment.ts';
import type { OpenRequest, Root } from './root.ts';
import type { Style } from './style.ts';

/** A verb. */
export interface Verb<Options = unknown> {
  /** Declares arguments and options. */
  configure(command: Command): void;
  run(context: Context, input: Input<Options>): Promise<Result>;
  /** Command lines with what they do, for the help. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /**
   * How often `--at` may be given: `once` to a verb that reads and answers, which is then handed
   * the board as it was; `often` to one that looks at several moments itself; else never. With
   * `own` it is an option of the verb, and means something else.
   */
  readonly takesAt?: 'once' | 'often' | 'own';
}

/** What was typed after the verb. */
export interface Input<Options> {
  readonly args: readonly string[];
  readonly options: Options;
}

/** An answer, or the board's no. */
export type Result = Answer | Refusal;

/** The answer of a verb. Only the form asked for is made, while the board is still open. */
export interface Answer {
  readonly refused?: never;
  /** What `--json` prints: one document. Left out by verbs that print as they go. */
  readonly json?: () => unknown;
  /** What people read; the empty text prints nothing. */
  readonly text?: () => string;
  /** Talk besides the data, a line each; for people only. */
  readonly notes?: readonly string[];
  /** Exit code; 0 when left out. */
  readonly exit?: number;
}

/**
 * `create` makes a board where there is none; all others need one that exists. A worker may `write`
 * and `create` while its run is open; whether it may `report` about its run, the run decides.
 */
export type Access = 'read' | 'report' | 'write' | 'create';

/** What every verb is given. */
export interface Context {
  readonly io: Io;
  readonly root: Root;
  /** How to write on stdout, and for people on stderr. */
  readonly style: Style;
  readonly talk: Style;
  readonly isJson: boolean;
  /** The moments that were named with `--at`. */
  readonly moments: readonly PastMoment[];
  /** The board that was chosen, whether or not it is there. Throws `UsageError`. */
  readonly place: BoardPlace;
  /** The same, for verbs that need one. Throws `Refused` when there is none. */
  existingPlace(): BoardPlace;
  /** The file named with `--config`, as it was typed. */
  readonly configFile: string | undefined;
  /** The configuration in force; flags win over everything else in it. Throws `ConfigError`. */
  config(flags?: Readonly<Record<string, unknown>>): Promise<Config>;
  /** Who is acting. Throws `UsageError` when the environment or `--as` names nobody sensible. */
  caller(): Caller;
  /** All verbs with their options; loads every one of them. */
  describeVerbs(): Promise<readonly VerbWords[]>;
  /**
   * Opens the board, by default under the configuration without flags, and as it was at the moment
   * of `--at` if the verb takes that once; it is closed when the answer has been said. Throws
   * `Refused` without a board, and to a worker whose run is over.
   */
  onBoard(access: Access, config?: OpenedBy): Promise<BoardContext>;
}

/** What of a configuration a board is opened by. */
export type OpenedBy = Pick<OpenRequest, 'policy'> & Pick<Config, 'encrypt' | 'log'>;

/** What a verb holds that works on a board. */
export interface BoardContext extends Context {
  readonly board: Board;
  /** When the incident file was saved that is read in place of a board, UTC ms. */
  readonly savedAtMs?: number;
  /** The commands, in the name of the caller. */
  commands(): ReturnType<Board['as']>;
}
