/** The command line of Logboard, in the demo's own process and on its own terminal. */
import type { Io, Sink } from '../../src/cli/io.ts';
import type { Root } from '../../src/cli/root.ts';
import { runCli } from '../../src/cli/run.ts';
import { stopSignal } from '../../src/main.ts';

/** Runs one command line; resolves with its exit code. */
export function logboard(house: Root, argv: readonly string[]): Promise<number> {
  const io: Io = {
    environment: process.env,
    directory: process.cwd(),
    userHome: '',
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    nowMs: () => Date.now(),
    readStdin: () => Promise.resolve(''),
    untilStopped: stopSignal,
  };
  return runCli(argv, io, house);
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
  };
}
