/** The processes of this machine, put together for the dispatcher. */
import type { Processes, ProcessIdentity } from '../dispatcher/ports.ts';
import type { Clock, Timers } from '../log/ports.ts';
import { HostError } from './host-error.ts';
import { createLaunchers } from './launchers.ts';
import { createOwnAge } from './own-age.ts';
import { createProbe, type Kill, type Probe } from './probe.ts';
import { findFamily } from './process-family.ts';
import { createGroupEnder } from './process-group.ts';
import { createSnapshots } from './process-snapshots.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';
import { createWorkerSpawner } from './spawn-worker.ts';

/** What they take from the world around them. */
export interface ProcessesDeps {
  readonly bootId: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** See `LaunchersOptions`. */
  readonly orphanGraceMs?: number | undefined;
}

/** The unit of start times. The kernel may tick otherwise, but counts in this towards programs. */
const tickMs = 10;

/** What can be done with them, and which one this is. */
export interface LocalProcesses extends Processes {
  readonly self: ProcessIdentity;
  readonly probe: Probe;
  /** Lets go of whatever is needed to start workers. Those at work go on. */
  close(): void;
}

/** Puts them together. Throws `no_process_table` where there is no /proc. */
export function createProcesses({
  bootId,
  clock,
  timers,
  orphanGraceMs,
}: ProcessesDeps): LocalProcesses {
  const table = createProcessTable();
  const launchers = createLaunchers({ orphanGraceMs });
  const snapshot = createSnapshots({ table, clock, timers });
  const kill: Kill = (pid, signal) => void process.kill(pid, signal);
  const probe = createProbe({ table, bootId, kill });
  const self = identifySelf(table, bootId);
  const ownAgeMs = createOwnAge();
  return {
    self,
    close: launchers.close,
    probe,
    spawn: createWorkerSpawner({ launchers, table, bootId }),
    family: (leader) => findFamily(leader, table),
    end: createGroupEnder({ table, snapshot, probe, kill, clock, timers }),
    // Counted from this process, whose age is known: /proc/uptime is another one in a container.
    ageMs: ({ startTime }) => Math.max(0, ownAgeMs() + (self.startTime - startTime) * tickMs),
  };
}

function identifySelf(table: ProcessTable, bootId: string): ProcessIdentity {
  const sight = table.stat(process.pid);
  if (!sight.seen) {
    throw new HostError('no_process_table', `/proc cannot be read here (${sight.errno})`, {
      hint: 'run the dispatcher on Linux: workers are recognised by what /proc says about them',
    });
  }
  return { pid: process.pid, startTime: sight.value.startTime, bootId };
}
