#!/usr/bin/env node
/**
 * The command `logboard`: the process handed to the command line, and its exit code handed back.
 */
import { homedir, userInfo } from 'node:os';
import type { Io, Sink } from './cli/io.ts';
import { runCli } from './cli/run.ts';
import { createRoot, processTerminal, stopSignal } from './main.ts';
import { exitCodes } from './outcome.ts';

const world = {
  environment: { USER: userName(), ...process.env },
  directory: process.cwd(),
  userHome: homedir(),
};

const io: Io = {
  ...world,
  stdout: sinkOf(process.stdout),
  stderr: sinkOf(process.stderr),
  terminal: processTerminal(),
  nowMs: () => Date.now(),
  readStdin,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  untilStopped: stopSignal,
};

// Whoever ends before there is an answer has not done what was asked. The bundle of this program
// is CommonJS, which awaits nothing out here.
process.exitCode = exitCodes.unexpected;
void runCli(process.argv.slice(2), io, createRoot(world)).then((code) => {
  process.exitCode = code;
});

/**
 * Whoever reads our output may stop reading, as `head` does: that ends the program, in peace. A
 * terminal that has hung up ends nothing: its SIGHUP does, after a goodbye.
 */
function sinkOf(stream: NodeJS.WriteStream): Sink {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    if (error.code === 'EIO') return;
    throw error;
  });
  return {
    write: (text) => void stream.write(text),
    drained: () => drained(stream),
    stream,
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns as number | undefined;
    },
  };
}

/** One that has closed is said to be drained: what went wrong with it is told elsewhere. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      stream.off('drain', go).off('close', go);
      resolve();
    };
    stream.on('drain', go).on('close', go);
  });
}

/** Containers often leave USER out, and may run under a number that no user has. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal: stopSignal() });
  } finally {
    terminal.close();
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
