/**
 * Starts a worker behind its launcher: the launch protocol's steps between *claimed* and *go*.
 *
 * Whatever goes wrong is an answer, not an exception: a command that does not exist, a directory
 * that has gone, a machine out of processes or descriptors must end one run, never the dispatcher.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { ExitStatus, SpawnedWorker, SpawnFailure, WorkerSpec } from '../dispatcher/ports.ts';
import { fromShellCode } from './exit-status.ts';
import { findProgram } from './find-program.ts';
import { errnoOf } from './host-error.ts';
import { launcherArguments, shellPath } from './launcher.ts';
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

/** Makes the function that starts workers. */
export function createWorkerSpawner(deps: { table: ProcessTable; bootId: string }): SpawnWorker {
  return async (spec) => {
    const program = findCommand(spec);
    if (typeof program !== 'string') {
      return program;
    }
    const files = openFiles(spec);
    if ('reason' in files) {
      return files;
    }
    try {
      const launcher = await startLauncher(spec, program, [files.stdin, files.log, files.log]);
      return 'reason' in launcher ? launcher : identify(launcher, spec, deps);
    } finally {
      // The child has its own copies; the dispatcher keeps none.
      files.close();
    }
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

interface WorkerFiles {
  readonly stdin: number | 'ignore';
  readonly log: number;
  close(): void;
}

function openFiles(spec: WorkerSpec): WorkerFiles | SpawnRefusal {
  const opened: number[] = [];
  const close = () => {
    for (const descriptor of opened) {
      closeSync(descriptor);
    }
  };
  const open = (path: string, flags: string) => {
    const descriptor = openSync(path, flags, 0o600);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const stdin = spec.stdinPath === undefined ? 'ignore' : open(spec.stdinPath, 'r');
    return { stdin, log: open(spec.logPath, 'a'), close };
  } catch (error) {
    close();
    return failureOf('unusable_file', error);
  }
}

/** Node throws some refusals (a NUL in an argument) and emits the others (EAGAIN, EMFILE). */
function startLauncher(
  spec: WorkerSpec,
  program: string,
  streams: readonly [number | 'ignore', number, number],
): Promise<ChildProcess | SpawnRefusal> {
  const launcherArgv = launcherArguments(spec.statusPath, program, spec.argv.slice(1));
  return new Promise((resolve) => {
    try {
      const launcher = spawn(shellPath, launcherArgv, {
        cwd: spec.cwd,
        env: { ...spec.environment, [nonceVariable]: spec.nonce },
        stdio: [...streams, 'pipe'],
        detached: true,
      });
      launcher.on('error', (error) => resolve(failureOf('refused', error)));
      launcher.once('spawn', () => resolve(launcher));
    } catch (error) {
      resolve(failureOf('refused', error));
    }
  });
}

function identify(
  launcher: ChildProcess,
  spec: WorkerSpec,
  deps: { table: ProcessTable; bootId: string },
): SpawnedWorker | SpawnRefusal {
  const gate = launcher.stdio[3] as Writable;
  const exited = exitOf(launcher);
  // A launcher that was killed at the gate is noticed by its exit, not by a failed write.
  gate.on('error', () => {});
  launcher.unref();
  const pid = launcher.pid as number;
  const sight = deps.table.stat(pid);
  if (!sight.seen) {
    gate.destroy();
    return failure('unidentified', sight.errno, `/proc/${pid}/stat could not be read`);
  }
  const { startTime } = sight.value;
  return {
    spawned: true,
    identity: { pid, startTime, bootId: deps.bootId, nonce: spec.nonce },
    go: () => void gate.end('go\n'),
    abandon: () => void gate.destroy(),
    exited,
  };
}

/** On `exit`, not `close`: a descendant may hold a stream open for as long as it likes. */
function exitOf(launcher: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    launcher.once('exit', (code, signal) => {
      resolve(signal === null ? fromShellCode(code ?? 0) : { signal });
    });
  });
}

function failureOf(reason: SpawnRefusal['reason'], error: unknown): SpawnRefusal {
  return failure(reason, errnoOf(error) ?? 'unknown', (error as Error).message);
}

function failure(reason: SpawnRefusal['reason'], errno: string, detail: string): SpawnRefusal {
  return { spawned: false, reason, errno, detail };
}
