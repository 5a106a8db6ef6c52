/**
 * Starts a worker behind its launcher: the launch protocol's steps between *claimed* and *go*.
 *
 * Whatever goes wrong is an answer, not an exception: a command that does not exist, a directory
 * that has gone, a machine out of processes or descriptors must end one run, never the dispatcher.
 */
import type { SpawnedWorker, SpawnFailure, WorkerSpec } from '../dispatcher/ports.ts';
import { launcherCommand } from './launcher.ts';
import type { Launcher, LauncherOrder, Launchers, NoLauncher } from './launchers.ts';
import { nonceVariable, type ProcessTable } from './process-table.ts';

/**
 * Why there is no worker, so that people can be told what to mend. `unidentified`: it was started,
 * but could not be identified, and was let go again.
 */
export interface SpawnRefusal extends SpawnFailure {
  readonly reason: NoLauncher['reason'] | 'unidentified';
}

/** Starts a worker up to its gate, or says why it could not. Never rejects. */
export type SpawnWorker = (spec: WorkerSpec) => Promise<SpawnedWorker | SpawnRefusal>;

/** What starting takes from the world around it. */
export interface WorkerSpawnerDeps {
  readonly launchers: Launchers;
  readonly table: ProcessTable;
  readonly bootId: string;
}

/** Makes the function that starts workers. */
export function createWorkerSpawner(deps: WorkerSpawnerDeps): SpawnWorker {
  return async (spec) => {
    const launcher = await deps.launchers.start(orderOf(spec));
    if (!launcher.started) {
      const { reason, errno, detail } = launcher;
      return failure(reason, errno, detail);
    }
    return identify(launcher, spec, deps);
  };
}

function orderOf(spec: WorkerSpec): LauncherOrder {
  const { statusPath, environment, nonce, ...order } = spec;
  return {
    ...order,
    launcher: launcherCommand(statusPath),
    environment: { ...environment, [nonceVariable]: nonce },
  };
}

function identify(
  launcher: Launcher,
  spec: WorkerSpec,
  { table, bootId }: WorkerSpawnerDeps,
): SpawnedWorker | SpawnRefusal {
  const { pid } = launcher;
  const sight = table.stat(pid);
  if (!sight.seen) {
    launcher.turnAway();
    return failure('unidentified', sight.errno, `/proc/${pid}/stat could not be read`);
  }
  const { startTime } = sight.value;
  return {
    spawned: true,
    identity: { pid, startTime, bootId, nonce: spec.nonce },
    go: launcher.letGo,
    abandon: launcher.turnAway,
    exited: launcher.ended,
  };
}

function failure(reason: SpawnRefusal['reason'], errno: string, detail: string): SpawnRefusal {
  return { spawned: false, reason, errno, detail };
}
