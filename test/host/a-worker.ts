/** A real worker behind a real launcher, in directories of its own, ended when the test is over. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { SpawnedWorker, WorkerIdentity, WorkerSpec } from '../../src/dispatcher/ports.ts';
import { type RunDirectory, runDirectory } from '../../src/host/run-directory.ts';
import { workerEnvironment } from '../../src/host/worker-environment.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { endProcessGroup, ids, spawnWorker } from './processes.ts';

/** The path of one of the tiny programs in `children/`. */
export function child(name: string): string {
  return fileURLToPath(new URL(`./children/${name}`, import.meta.url));
}

/** A run directory and a spec in it that runs `argv`; every part can be replaced. */
export function workerSpec(
  argv: readonly string[],
  replaced: Partial<WorkerSpec> = {},
): { spec: WorkerSpec; run: RunDirectory; workspace: string } {
  const board = tempDir();
  const run = runDirectory(board, ids.runId());
  const workspace = join(board, 'workspace');
  const make = [run.path, workspace].map((path) => ({ is: 'directory', path }) as const);
  const spec: WorkerSpec = {
    make,
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
    await endProcessGroup(identity, 0);
  });
}
