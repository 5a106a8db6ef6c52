/** Runs the programs under `children/` as processes of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { bundleChild } from '../kit/child.ts';

/** Starts `children/<name>.ts`; it is killed when the test is over. */
export async function startChild(name: string, ...args: string[]): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url));
  const child = fork(await bundleChild(entry), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => kill(child));
  return child;
}

/** Kills a child, if it still runs, without a chance to tidy up, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}

/** The next message of a child; rejects when it ends without one. */
export async function message<T>(child: ChildProcess): Promise<T> {
  const listening = new AbortController();
  const { signal } = listening;
  const ended = once(child, 'exit', { signal }).then(([code, killedBy]) => {
    throw new Error(`The child ended with ${code ?? killedBy} and said nothing`);
  });
  try {
    const [said] = await Promise.race([once(child, 'message', { signal }), ended]);
    return said as T;
  } finally {
    listening.abort();
  }
}
