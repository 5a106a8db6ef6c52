/** The command line inside the test's own process: real boards, captured output. */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Io, Sink } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/run.ts';
import { createRoot } from '../../src/main.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** What a command line came to. */
export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the world looks to the command line. */
export interface Setting {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What whoever sits at the terminal says to every question; nobody sits there without it. */
  readonly answer?: string;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  /** Aborted when the user presses Ctrl-C. */
  readonly stopped?: AbortSignal;
  readonly onStdout?: (text: string) => void;
  /** Whoever reads the output takes more once this resolves. */
  readonly drained?: () => Promise<void>;
}

/** A folder to type commands in. */
export interface CommandLine {
  readonly directory: string;
  readonly home: string;
  run(argv: readonly string[], setting?: Setting): Promise<Ran>;
  /** Runs with `--json`, expects the exit code (0) and answers the document. */
  json<T = Json>(argv: readonly string[], setting?: Setting & { exit?: number }): Promise<T>;
  /** Creates a task and answers its id. */
  create(title: string, ...options: readonly string[]): Promise<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: documents whose fields the tests name one by one
type Json = any;

/** A folder, by default a fresh one that goes away with the test, with a home directory in it. */
export function commandLine(directory = tempDir()): CommandLine {
  const home = join(directory, 'home');

  async function run(argv: readonly string[], setting: Setting = {}): Promise<Ran> {
    const world = {
      environment: {
        PATH: process.env['PATH'] ?? '',
        USER: 'kai',
        LOGBOARD_HOME: home,
        ...setting.environment,
      },
      directory,
      userHome: directory,
    };
    const written = { stdout: '', stderr: '' };
    const sink = (name: 'stdout' | 'stderr'): Sink => ({
      write: (text) => {
        written[name] += text;
        if (name === 'stdout') setting.onStdout?.(text);
      },
      ...(setting.drained && { drained: setting.drained }),
      isTerminal: setting.isTerminal ?? false,
      columns: setting.columns,
    });
    const answering = (answer: string) => async (question: string) => {
      written.stderr += question;
      return answer;
    };
    const io: Io = {
      ...world,
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      nowMs: () => Date.now(),
      readStdin: async () => setting.stdin ?? '',
      ...(setting.answer === undefined ? {} : { ask: answering(setting.answer) }),
      untilStopped: () => setting.stopped ?? new AbortController().signal,
    };
    const exit = await runCli(argv, io, createRoot(world));
    return { exit, ...written };
  }

  async function json<T>(argv: readonly string[], setting: Setting & { exit?: number } = {}) {
    const ran = await run([...argv, '--json'], setting);
    expect(ran, ran.stdout).toMatchObject({ exit: setting.exit ?? 0, stderr: '' });
    return JSON.parse(ran.stdout) as T;
  }

  async function create(title: string, ...options: readonly string[]): Promise<string> {
    const { id } = await json<{ id: string }>(['create', title, ...options]);
    return id;
  }

  return { directory, home, run, json, create };
}
