/** Workers that are going to die, and strangers who get their pids. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { WorkerIdentity } from '../../src/dispatcher/ports.ts';
import { createProcessTable, nonceVariable } from '../../src/host/process-table.ts';
import { cameTrue } from '../trial/waiting.ts';

const table = createProcessTable();

/**
 * Ways to be a stranger: what it carries, and whether it leads a group of its own. An environment
 * without anything in it looks like that of a process on its way out: when even the start time is
 * the same, the answer may be that nobody knows.
 */
export const strangers: readonly Stranger[] = [
  { environment: { PATH: '/bin' }, isLeader: false },
  { environment: { PATH: '/bin' }, isLeader: true },
  { environment: { [nonceVariable]: 'R-2.other' }, isLeader: true },
  { environment: {}, isLeader: true },
];

/** A process that gets the pid of another. */
export interface Stranger {
  readonly environment: Readonly<Record<string, string>>;
  readonly isLeader: boolean;
}

/** Starts a worker; `hasSurvivor` tells whether it has a child in a session of its own. */
export async function startWorker(
  { nonce, bootId }: Pick<WorkerIdentity, 'nonce' | 'bootId'>,
  hasSurvivor: boolean,
) {
  const environment = { PATH: '/usr/bin:/bin', [nonceVariable]: nonce };
  const work = hasSurvivor ? 'setsid sleep 1000 & exec sleep 1000' : 'exec sleep 1000';
  const worker = spawn('/bin/sh', ['-c', work], {
    env: environment,
    detached: true,
    stdio: 'ignore',
  });
  const gone = once(worker, 'exit');
  const pid = worker.pid ?? 0;
  const sight = table.stat(pid);
  if (!sight.seen) throw new Error(`the worker cannot be seen: ${sight.errno}`);
  if (hasSurvivor) await cameTrue(() => hasDescendantElsewhere(nonce, pid), 5_000);
  return { pid, gone, identity: { pid, startTime: sight.value.startTime, bootId, nonce } };
}

function hasDescendantElsewhere(nonce: string, leader: number): boolean {
  const pids = table.pids();
  if (!pids.seen) return false;
  return pids.value.some((pid) => {
    const [stat, mark] = [table.stat(pid), table.nonce(pid)];
    return stat.seen && mark.seen && mark.value === nonce && stat.value.session !== leader;
  });
}

/** Starts a stranger. */
export function startStranger({ environment, isLeader }: Stranger): ChildProcess {
  const how = { env: environment, detached: isLeader, stdio: 'ignore' } as const;
  return spawn('/bin/sleep', ['1000'], how);
}
