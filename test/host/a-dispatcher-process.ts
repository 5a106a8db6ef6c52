/** Processes that stand in for dispatchers, and how a dispatcher records its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { bootId, table } from './processes.ts';

/** A process as a dispatcher of this boot would record it. */
export function dispatcherAs(host: string, pid: number) {
  const sight = table.stat(pid);
  if (!sight.seen) throw new Error(`process ${pid} is not there`);
  return { host, bootId, pid, startTime: `${sight.value.startTime}` };
}

/** A process that does nothing until it is killed; resolved, it has been waited for. */
export function sleeper() {
  const child = spawn('sleep', ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const kill = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { pid: child.pid as number, kill };
}
