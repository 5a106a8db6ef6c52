/**
 * Starts a worker behind its launcher: the launch protocol's steps between *claimed* and *go*.
 *
 * Whatever goes wrong is an answer, not an exception: a command that does not exist, a directory
 * that has gone, a machine out of processes or descriptors must end one run, never the dispatcher.
 */
import { statSync } from 'node:fs';
import type { SpawnedWorker, SpawnFailure, WorkerSpec } from '../dispatcher/ports.ts';
import { findProgram } from './find-program.ts';
import { errnoOf } from './host-error.ts';
import { launcherArguments, shellPath } from './launcher.ts';
import type { Launcher, LauncherOrder, Launchers } from './launchers.ts';
import { nonceVariable, type ProcessTable } from './process-table.ts';

/**
 * Why there is no worker, so that people can be told what to mend.
 *
 * - `no_command`: the program is not there or not executable. Trying again will not help.
 * - `no_workspace`: the working directory is not there.
 * - `unusable_file`: the log or stdin file could not be opened.
 * - `refused`: the system would not start a process (`errno` says why).
 * - `unidentified`: it started, but could not be identified, and was let go again.
 */
export interface SpawnRefusal extends SpawnFailure {
  readonly reason: 'no_command' | 'no_workspace' | 'unusable_file' | 'refused' | 'unidentified';
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
    const program = findCommand(spec);
    if (typeof program !== 'string') {
      return program;
    }
    const launcher = await deps.launchers.start(orderOf(spec, program));
    if (!launcher.started) {
      const { reason, errno, detail } = launcher;
      return failure(reason, errno, detail);
    }
    return identify(launcher, spec, deps);
  };
}

/** Looks before leaping: a failed exec would not say which of the two was missing. */
function findCommand({ argv: [name = ''], cwd, environment }: WorkerSpec): string | SpawnRefusal {
  try {
    if (!statSync(cwd).isDirectory()) {
      return failure('no_workspace', 'ENOTDIR', `${cwd} is not a directory`);
    }
  } catch (error) {
    return failureOf('no_workspace', error);
  }
  const program = findProgram(name, { cwd, searchPath: environment['PATH'] ?? '' });
  return program ?? failure('no_command', 'ENOENT', `there is no executable program "${name}"`);
}

function orderOf(spec: WorkerSpec, program: string): LauncherOrder {
  const { cwd, environment, nonce, logPath, stdinPath, statusPath, argv } = spec;
  return {
    command: [shellPath, ...launcherArguments(statusPath, program, argv.slice(1))],
    cwd,
    environment: { ...environment, [nonceVariable]: nonce },
    logPath,
    stdinPath,
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

function failureOf(reason: SpawnRefusal['reason'], error: unknown): SpawnRefusal {
  return failure(reason, errnoOf(error) ?? 'unknown', (error as Error).message);
}

function failure(reason: SpawnRefusal['reason'], errno: string, detail: string): SpawnRefusal {
  return { spawned: false, reason, errno, detail };
}
