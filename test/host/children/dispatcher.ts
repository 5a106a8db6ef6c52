/**
 * A dispatcher reduced to spawning one worker. Arguments: board directory, run id, `go` or `wait`,
 * then the worker's own. Prints the worker's identity as a line of JSON, and lives until killed.
 */
import { readBootId } from '../../../src/host/host-identity.ts';
import { createLaunchers } from '../../../src/host/launchers.ts';
import { createProcessTable } from '../../../src/host/process-table.ts';
import { entriesOf, runDirectory } from '../../../src/host/run-directory.ts';
import { createWorkerSpawner } from '../../../src/host/spawn-worker.ts';
import { workerEnvironment } from '../../../src/host/worker-environment.ts';

const [board = '', runId = '', when, ...argv] = process.argv.slice(2);
const run = runDirectory(board, runId);
const spawnWorker = createWorkerSpawner({
  launchers: createLaunchers(),
  table: createProcessTable(),
  bootId: readBootId(),
});
const worker = await spawnWorker({
  make: entriesOf(run, { token: 'secret', context: '' }),
  argv,
  cwd: board,
  environment: workerEnvironment(process.env, [], {}),
  nonce: `nonce of ${runId}`,
  logPath: run.log,
  statusPath: run.exit,
});
if (!worker.spawned) {
  throw new Error(worker.detail);
}
if (when === 'go') {
  worker.go();
}
process.stdout.write(`${JSON.stringify(worker.identity)}\n`);
process.stdin.resume();
