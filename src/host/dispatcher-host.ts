/** The real host of a dispatcher: the parts of this room behind the dispatcher's ports. */
import type { Host } from '../dispatcher/ports.ts';
import { systemClock, systemTimers } from './clock.ts';
import { readHostIdentity } from './host-identity.ts';
import { openHostSlots } from './host-slots.ts';
import { createIds, randomBytes } from './ids.ts';
import { createProcesses } from './processes.ts';
import { createRunFiles } from './run-files.ts';
import { workerEnvironment } from './worker-environment.ts';
import { createWorkspaces } from './workspaces.ts';

/** What a dispatcher's host is made of. */
export interface DispatcherHostOptions {
  /** The home directory; see `home.ts`. */
  readonly home: string;
  readonly boardDirectory: string;
  /** The dispatcher's own environment, of which workers inherit a part. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What worker definitions may require of this host. */
  readonly capabilities: readonly string[];
  /** Stands in where a task names no directory of its own, and no repository. */
  readonly projectDirectory: string;
  /** How workers end whose runs nobody can adopt; see `LaunchersOptions`. */
  readonly orphanGraceMs?: number | undefined;
  /** Told of trouble that nobody waits for. */
  readonly onError: (error: unknown) => void;
}

/** A host, and the way to let go of its files. Workers go on, unless they were to be ended. */
export interface DispatcherHost extends Host {
  close(): void;
}

/**
 * Puts the host together. Throws `no_process_table` where there is no /proc, `home_not_private`
 * or `host_id_malformed` for a damaged home, and what opening a database throws.
 */
export async function openDispatcherHost(options: DispatcherHostOptions): Promise<DispatcherHost> {
  const { home, boardDirectory, capabilities, projectDirectory, onError } = options;
  // Of `process.env` every reading asks the system again.
  const environment = { ...options.environment };
  const time = { clock: systemClock, timers: systemTimers };
  const { random } = Math;
  const { hostId, bootId } = readHostIdentity(home, randomBytes);
  const { orphanGraceMs } = options;
  const processesOf = createProcesses({ bootId, ...time, orphanGraceMs });
  const { self, close: closeProcesses, ...processes } = processesOf;
  const { close: closeSlots, ...slots } = await openHostSlots({
    home,
    probe: processes.probe,
    ...time,
    random,
  });
  return {
    hostId,
    bootId,
    self,
    capabilities,
    ...time,
    random,
    ids: createIds({ clock: systemClock, randomBytes }),
    processes,
    slots,
    runFiles: createRunFiles({ boardDirectory, ...time, onError }),
    workspaces: createWorkspaces({ boardDirectory, projectDirectory }),
    environment: (inherit, given) => workerEnvironment(environment, inherit, given),
    close() {
      closeProcesses();
      closeSlots();
    },
  };
}
