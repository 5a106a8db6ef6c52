/** The world as the command line meets it: the process, or what a test makes of it. */

/** Where text goes. */
export interface Sink {
  write(text: string): void;
  /**
   * Resolves when whoever reads it has taken most of what was written: for much text, which would
   * pile up in memory. Left out where nothing piles up.
   */
  drained?(): Promise<void>;
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; undefined where there is none. */
  readonly columns: number | undefined;
  /** The stream itself, for what draws and redraws. */
  readonly stream?: NodeJS.WritableStream;
}

/** Who hears what happens at a terminal. */
export interface TerminalListeners {
  /** What one or more keys send. */
  onInput(text: string): void;
  /** Everything is to be drawn again: it has another size, or its screen was lost. */
  onRedraw(): void;
}

/** A terminal with a keyboard, to be drawn on. */
export interface Terminal {
  readonly rows: number;
  readonly columns: number;
  write(text: string): void;
  /**
   * Switches to an empty screen of its own, and listens. Returns the way back, which is also taken
   * when the program ends in any other way.
   */
  take(listeners: TerminalListeners): () => void;
}

/** What the command line may read and write, besides boards. */
export interface Io {
  /** Data. */
  readonly stdout: Sink;
  /** Talk: errors, notes, spinners and progress bars. */
  readonly stderr: Sink;
  /** What a person sits at; undefined when input or output is a pipe or a file. */
  readonly terminal?: Terminal | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly directory: string;
  readonly userHome: string;
  nowMs(): number;
  /** All of standard input, as text. */
  readStdin(): Promise<string>;
  /** The answer of whoever sits at the terminal. Left out where nobody does. */
  readonly ask?: (question: string) => Promise<string>;
  /** Aborted when somebody asks the program to stop; listening begins with the call. */
  untilStopped(): AbortSignal;
}
