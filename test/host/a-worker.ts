/** A real worker behind a real launcher, in directories of its own, ended when the test is over. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { readBootId } from '../../src/host/host-identity.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { createProbe, type WorkerIdentity } from '../../src/host/probe.ts';
import { createGroupEnder, type EndProcessGroup } from '../../src/host/process-group.ts';
import { createProcessTable } from '../../src/host/process-table.ts';
import {
  prepareRunDirectory,
  type RunDirectory,
  runDirectory,
} from '../../src/host/run-directory.ts';
import {
  createWorkerSpawner,
  type SpawnedWorker,
  type WorkerSpec,
} from '../../src/host/spawn-worker.ts';
import { workerEnvironment } from '../../src/host/worker-environment.ts';
import { tempDirectory } from './temp-directory.ts';

export const ids = createIds({ clock: systemClock, randomBytes });
export const table = createProcessTable();
export const bootId = readBootId();
export const kill = (pid: number, signal: NodeJS.Signals | 0) => void process.kill(pid, signal);
export const probe = createProbe({ table, bootId, kill });
export const spawnWorker = createWorkerSpawner({ table, bootId });

/** The path of one of the tiny programs in `children/`. */
export function child(name: string): string {
  return fileURLToPath(new URL(`./children/${name}`, import.meta.url));
}

/** The real way to end a run's processes, with a grace short enough for a test. */
export function groupEnder(killGraceMs: number): EndProcessGroup {
  const clock = systemClock;
  return createGroupEnder({ table, probe, kill, clock, timers: systemTimers, killGraceMs });
}

/** A run directory and a spec in it that runs `argv`; every part can be replaced. */
export function workerSpec(
  argv: readonly string[],
  replaced: Partial<WorkerSpec> = {},
): { spec: WorkerSpec; run: RunDirectory; workspace: string } {
  const board = tempDirectory();
  const run = runDirectory(board, ids.runId());
  prepareRunDirectory(run, { token: 'secret', context: '# A task\n' });
  const workspace = join(board, 'workspace');
  mkdirSync(workspace);
  const spec: WorkerSpec = {
    argv,
    cwd: workspace,
    environment: workerEnvironment(process.env, [], {}),
    nonce: ids.nonce(),
    logPath: run.log,
    statusPath: run.exit,
    ...replaced,
  };
  return { spec, run, workspace };
}

/** A worker waiting at the gate. */
export async function spawned(
  argv: readonly string[],
  replaced: Partial<WorkerSpec> = {},
): Promise<{ worker: SpawnedWorker; run: RunDirectory; workspace: string }> {
  const { spec, ...rest } = workerSpec(argv, replaced);
  const worker = await spawnWorker(spec);
  if (!worker.spawned) {
    throw new Error(worker.detail);
  }
  endAfterTest(worker.identity);
  return { worker, ...rest };
}

/** A worker that was let go, its output once it has exited. */
export async function outputOf(
  argv: readonly string[],
  replaced: Partial<WorkerSpec> = {},
): Promise<string> {
  const { worker, run } = await spawned(argv, replaced);
  worker.go();
  await worker.exited;
  return readFileSync(run.log, 'utf8');
}

/** Nothing that a test started outlives it. */
export function endAfterTest(identity: WorkerIdentity): void {
  onTestFinished(async () => {
    await groupEnder(0)(identity);
  });
}
