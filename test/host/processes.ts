/** The real parts of the host, put together the way a dispatcher has them. */
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { readBootId } from '../../src/host/host-identity.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { createLaunchers } from '../../src/host/launchers.ts';
import { createProbe, type Kill } from '../../src/host/probe.ts';
import {
  createGroupEnder,
  type EndProcessGroup,
  type GroupEnderDeps,
} from '../../src/host/process-group.ts';
import { createSnapshots } from '../../src/host/process-snapshots.ts';
import { createProcessTable } from '../../src/host/process-table.ts';
import { createWorkerSpawner } from '../../src/host/spawn-worker.ts';

/** Ids of this moment. */
export const ids = createIds({ clock: systemClock, randomBytes });

/** The processes of this machine. */
export const table = createProcessTable();

/** Its present boot. */
export const bootId = readBootId();

/** Sends real signals. */
export const kill: Kill = (pid, signal) => void process.kill(pid, signal);

/** Judges real processes. */
export const probe = createProbe({ table, bootId, kill });

/** Starts real workers. */
export const spawnWorker = createWorkerSpawner({ launchers: createLaunchers(), table, bootId });

/** Ends real workers; every part can be replaced. */
export function groupEnder(replaced: Partial<GroupEnderDeps> = {}): EndProcessGroup {
  const real = { table, probe, kill, clock: systemClock, timers: systemTimers };
  const parts = { ...real, ...replaced };
  return createGroupEnder({ snapshot: createSnapshots(parts), ...parts });
}

/** Ends them with all parts real. */
export const endProcessGroup = groupEnder();
