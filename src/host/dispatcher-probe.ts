/**
 * Whether the processes of dispatchers are there, as far as this host can see. Its own are told
 * by its id: a boot id is shared by all containers of a machine, whose pids are not the same.
 */
import type { DispatcherProbe } from '../app/fleet.ts';
import { knownHostId, readBootId } from './host-identity.ts';
import { createProbe, type Probe } from './probe.ts';
import { createProcessTable } from './process-table.ts';

/**
 * Makes the probe for the host with this home directory. Nothing is created, and nothing is read
 * before it is asked: most commands never ask. It never throws: what cannot be read is `unknown`.
 */
export function createDispatcherProbe(home: string): DispatcherProbe {
  let hostId: string | undefined;
  let probe: Probe | undefined;
  return ({ host, bootId, pid, startTime }) => {
    try {
      // The first dispatcher of a home draws the id, perhaps after this probe was made.
      hostId ??= knownHostId(home);
      if (host !== hostId) return 'unknown';
      probe ??= probeOfThisBoot();
      return probe({ pid, bootId, startTime: ticksOf(startTime) }).verdict;
    } catch {
      return 'unknown';
    }
  };
}

function probeOfThisBoot(): Probe {
  const kill = (pid: number, signal: NodeJS.Signals | 0) => void process.kill(pid, signal);
  return createProbe({ table: createProcessTable(), bootId: readBootId(), kill });
}

function ticksOf(startTime: string | null): number | null {
  return startTime !== null && /^\d+$/.test(startTime) ? Number(startTime) : null;
}
