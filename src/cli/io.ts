/** The world as the command line meets it: the process, or what a test makes of it. */

/** Where text goes. */
export interface Sink {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; undefined where there is none. */
  readonly columns: number | undefined;
  /** The stream itself, for what draws and redraws. */
  readonly stream?: NodeJS.WritableStream;
}

/** What the command line may read and write, besides boards. */
export interface Io {
  /** Data. */
  readonly stdout: Sink;
  /** Talk: errors, notes, spinners and progress bars. */
  readonly stderr: Sink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly directory: string;
  readonly userHome: string;
  nowMs(): number;
  /** All of standard input, as text. */
  readStdin(): Promise<string>;
  /** Aborted when somebody asks the program to stop; listening begins with the call. */
  untilStopped(): AbortSignal;
}
