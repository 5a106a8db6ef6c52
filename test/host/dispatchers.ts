/** Dispatchers, and who disturbs them, in processes of their own, which a test may kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { bundleChild } from '../kit/child.ts';
import { child } from './a-worker.ts';

/** A child process that answers in lines. */
export interface Dispatcher {
  readonly process: ChildProcess;
  /** The next line it prints. */
  nextLine(): Promise<string>;
  /** Ends it without a chance to tidy up. */
  killHard(): Promise<void>;
}

/** Starts one of the Node programs in `children/`. */
export async function startDispatcher(
  program: string,
  args: readonly string[],
  limits: { descriptorsMax?: number } = {},
): Promise<Dispatcher> {
  const path = program.endsWith('.ts') ? await bundleChild(child(program)) : child(program);
  const { descriptorsMax = 1024 } = limits;
  const limited = `ulimit -n ${descriptorsMax} && exec "$0" "$@"`;
  const dispatcher = spawn('/bin/sh', ['-c', limited, process.execPath, path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => dispatcher.once('exit', () => resolve()));
  const killHard = () => {
    dispatcher.kill('SIGKILL');
    return exited;
  };
  onTestFinished(killHard);
  const lines = createInterface({ input: dispatcher.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done) {
      throw new Error(`${program} ended without an answer`);
    }
    return value;
  };
  return { process: dispatcher, nextLine, killHard };
}
