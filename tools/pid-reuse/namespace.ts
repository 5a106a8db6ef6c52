/** A pid namespace of its own for a program, in which the next pid can be chosen. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A user, a pid namespace, and a /proc of it; the program is process 1 in there. */
const unshare = ['-Urpf', '--mount-proc', '--kill-child'] as const;

/** Why pids cannot be chosen on this machine; undefined when they can. */
export function whyNotPermitted(): string | undefined {
  const attempt = ['sh', '-c', 'echo 300 >/proc/sys/kernel/ns_last_pid'];
  const { status, stderr, error } = spawnSync('unshare', [...unshare, ...attempt], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** Runs a Node program in there; answers what it printed. Throws when it failed. */
export async function runInside(program: string, args: readonly string[]): Promise<string> {
  const child = spawn('unshare', [...unshare, process.execPath, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the program in the namespace exited with ${code}`);
  return said;
}

/** The pid of the next process of this namespace. */
export const nextPidFile = '/proc/sys/kernel/ns_last_pid';
