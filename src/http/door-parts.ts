/** What the door is made of: `main.ts` has the real parts, a test may have others. */
import type { Board } from '../app/board.ts';
import type { TaskAnswer } from '../app/task-plan.ts';
import type { Config } from '../config.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EndRun } from '../domain/run/commands.ts';
import type { Position, StoredEvent } from '../log/event-log.ts';
import type { Clock, Timers } from '../log/ports.ts';

/** What the credentials of a board come to; tokens themselves are known by their hash alone. */
export interface KeptSecrets {
  /** SHA-256 (hex) of each role's token. */
  readonly tokenHashes: Readonly<Record<'reader' | 'operator' | 'worker', string>>;
  /** Signs what browsers are given instead of a token; 32 bytes. */
  readonly cookieKey: Uint8Array;
}

/** A file that a run handed in. */
export interface RunArtifact {
  readonly name: string;
  /** SHA-256 (hex) of its content, under which it is kept. */
  readonly sha256: string;
  readonly bytes: number;
}

/** What runs elsewhere leave on this machine. Whether they may is decided before. */
export interface RunStore {
  /**
   * Appends output that begins `offset` bytes after the beginning of all the run's output; what is
   * there already is passed over, and nothing is kept of output that leaves a gap. Answers how long
   * the output is then. More than `bytesMax` is not kept: what is oldest goes.
   */
  appendLog(
    runId: string,
    piece: { readonly offset: number; readonly bytes: Uint8Array; readonly bytesMax: number },
  ): Promise<number>;
  /** Keeps a file by the hash of its content; undefined when it, or the run's all, is too much. */
  keepArtifact(
    runId: string,
    name: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<RunArtifact | undefined>;
  /** What the run has handed in; of files with one name, the last. */
  artifacts(runId: string): Promise<readonly RunArtifact[]>;
}

/** How a worker elsewhere came to its end. */
export interface WorkerExit {
  readonly exit: { readonly code: number } | { readonly signal: string };
  /** The last line of its output, if there is one. */
  readonly lastLine: string | undefined;
  readonly assignee: string | null;
  readonly artifacts: readonly RunArtifact[];
  /** The run's own proof. */
  readonly tokenHash: string;
}

/** A task that is to be forgotten. */
export interface ForgetWanted {
  readonly taskId: string;
  /** Leaves the files its runs handed in. */
  readonly keepArtifacts: boolean;
  /** Sets its tombstone, or refuses. */
  tombstone(): Promise<TaskAnswer | Refusal>;
}

/** What runs print and leave behind, in files. */
export interface OutputFiles {
  /** The end of a run's output. `cut`: there is more before it. */
  tail(
    runId: string,
    limits: { readonly linesMax: number; readonly bytesMax: number },
  ): Promise<{ readonly text: string; readonly cut: boolean }>;
  /** A piece of it by its place in bytes. */
  range(
    runId: string,
    wanted: { readonly from: number; readonly bytesMax: number },
  ): Promise<{
    readonly text: string;
    readonly from: number;
    readonly next: number;
    readonly size: number;
  }>;
  /** The last lines, and what is printed from then on, until the signal. */
  follow(
    runId: string,
    wanted: { readonly tail: number; readonly signal: AbortSignal },
  ): AsyncIterable<{ readonly text: string; readonly afterGap: boolean }>;
  /** An artifact by the hash of its content; undefined when there is none. */
  artifact(
    sha256: string,
  ): Promise<{ readonly bytes: number; readonly content: ReadableStream<Uint8Array> } | undefined>;
}

/** A board of this machine. */
export interface KnownBoard {
  /** How to choose it with `--board`; null of a board in a folder. */
  readonly slug: string | null;
  readonly name: string;
  /** What to open in a browser; null while it is not served. */
  readonly address: string | null;
  /** Whether it is the board behind this door. */
  readonly isThis: boolean;
}

/** The parts. */
export interface DoorParts {
  readonly board: Board;
  /** Where the board is, and what to call it. */
  readonly place: { readonly directory: string; readonly label: string };
  /** The configuration in force. */
  config(): Config;
  /** Name of whoever acts with an operator's token. */
  readonly operatorName: string;
  readonly secrets: KeptSecrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomBytes: (size: number) => Uint8Array;
  newRunId(): string;
  readonly runStore: RunStore;
  /** What the exit of a worker elsewhere means for its run: as of one started here. */
  endOf(exit: WorkerExit): EndRun;
  readonly version: string;
  /** The built page; where it is missing, the door says so. */
  readonly webDirectory: string;
  /** The pages of the log after a position, forever, until the signal. */
  follow(after: Position, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;
  /** What runs print and leave behind. */
  readonly output: OutputFiles;
  /** Destroys the key of a task, and its text wherever else it stands in the board. */
  forget(wanted: ForgetWanted): Promise<Pick<TaskAnswer, 'refused' | 'changed'> | Refusal>;
  /** The dispatcher beside the door. */
  readonly dispatch: {
    /** What a pass would do. */
    plan(): Promise<object>;
    /** Has it look now; false when there is none. */
    nudge(): boolean;
  };
  /** The boards of this machine that can be told of; the one behind this door has that name. */
  knownBoards(name: string): readonly KnownBoard[];
  /** Hears of faults that nobody else is told about. */
  onFault(fault: unknown): void;
}
