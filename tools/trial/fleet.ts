/** Dispatchers in processes of their own, held by whoever disturbs them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../bench/measure.ts';
import type { Place } from './trial.ts';

/** What a dispatcher told. */
export interface Told {
  readonly what: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** When it was heard here, monotonic. */
  readonly atMonoMs: number;
}

/** A dispatcher at work. */
export interface HeldDispatcher {
  readonly process: ChildProcess;
  /** All it told so far, oldest first. */
  readonly told: readonly Told[];
  /** Makes its event loop stand still. */
  block(ms: number): void;
  /** Ends it without a chance to tidy up, also when it is stopped. Its workers go on. */
  kill(): Promise<void>;
}

/**
 * Starts a dispatcher and resolves when it is at work. `program` is the Node program
 * `dispatcher-process`; `environment` comes on top of this process's own.
 */
export async function startDispatcher(
  program: string,
  place: Place,
  environment: Readonly<Record<string, string>> = {},
): Promise<HeldDispatcher> {
  const child = spawn(process.execPath, [program, JSON.stringify(place)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const exited = once(child, 'exit');
  const told: Told[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve();
      else told.push({ ...JSON.parse(line), atMonoMs: monotonicMs() });
    });
    void exited.then(() => reject(new Error('the dispatcher did not come to work')));
  });
  return {
    process: child,
    told,
    block: (ms) => void child.stdin.write(`block ${ms}\n`),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
