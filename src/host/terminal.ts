/**
 * The terminal a person sits at: a screen of its own, and keys one by one. However the program
 * ends, short of SIGKILL, the terminal is given back as it was found.
 */

/** Who hears what happens at the terminal. */
export interface TerminalListeners {
  /** What one or more keys send. */
  onInput(text: string): void;
  /** It has another size, or its screen was lost meanwhile: everything is to be drawn again. */
  onRedraw(): void;
}

/** A terminal with a keyboard. */
export interface Terminal {
  readonly rows: number;
  readonly columns: number;
  write(text: string): void;
  /** Switches to an empty screen without a cursor, and listens. Returns the way back. */
  take(listeners: TerminalListeners): () => void;
}

/** The part of `process` that this takes. */
export interface TerminalProcess {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  on(event: 'exit' | 'SIGHUP' | 'SIGCONT', listener: () => void): unknown;
  off(event: 'exit' | 'SIGHUP' | 'SIGCONT', listener: () => void): unknown;
  exit(code: number): never;
}

/** Another screen, no cursor, and lines that are cut instead of going on below. */
const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const leave = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** What a shell expects of a program whose terminal went away. */
const hungUp = 129;

/** The terminal of a process; undefined when its input or output is none. */
export function terminalOf(world: TerminalProcess): Terminal | undefined {
  const { stdin, stdout } = world;
  if (stdin.isTTY !== true || stdout.isTTY !== true) return undefined;

  function take({ onInput, onRedraw }: TerminalListeners): () => void {
    let isOurs = true;

    function release(): void {
      if (!isOurs) return;
      isOurs = false;
      stdin.off('data', hear);
      stdout.off('resize', onRedraw);
      world.off('exit', release);
      world.off('SIGHUP', hangUp);
      world.off('SIGCONT', comeBack);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write(leave);
    }

    function hear(data: Buffer | string): void {
      onInput(`${data}`);
    }

    function hangUp(): void {
      release();
      world.exit(hungUp);
    }

    /** Whoever was stopped finds the terminal as the shell has set it since. */
    function comeBack(): void {
      stdin.setRawMode(false);
      stdin.setRawMode(true);
      stdout.write(enter);
      onRedraw();
    }

    world.on('exit', release);
    world.on('SIGHUP', hangUp);
    world.on('SIGCONT', comeBack);
    stdout.on('resize', onRedraw);
    stdin.setEncoding('utf8');
    stdin.on('data', hear);
    stdin.setRawMode(true);
    stdin.resume();
    stdout.write(enter);
    return release;
  }

  return {
    get rows() {
      return stdout.rows;
    },
    get columns() {
      return stdout.columns;
    },
    write: (text) => void stdout.write(text),
    take,
  };
}
