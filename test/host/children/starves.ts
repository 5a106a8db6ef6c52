/**
 * A dispatcher that runs out of descriptors. Argument: board directory. Prints, as lines of JSON,
 * how spawning a worker goes with one descriptor left, and how with all of them back.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../../../src/host/host-error.ts';
import { readBootId } from '../../../src/host/host-identity.ts';
import { createLaunchers } from '../../../src/host/launchers.ts';
import { createProcessTable } from '../../../src/host/process-table.ts';
import { createWorkerSpawner } from '../../../src/host/spawn-worker.ts';

const [board = ''] = process.argv.slice(2);
const spawnWorker = createWorkerSpawner({
  launchers: createLaunchers(),
  table: createProcessTable(),
  bootId: readBootId(),
});

async function tryOnce() {
  const worker = await spawnWorker({
    make: [],
    argv: ['true'],
    cwd: board,
    environment: { PATH: '/usr/bin:/bin' },
    nonce: 'nonce',
    logPath: join(board, 'log'),
    statusPath: join(board, 'exit'),
  });
  if (worker.spawned) {
    worker.abandon();
  }
  process.stdout.write(`${JSON.stringify(worker)}\n`);
}

const hoard: number[] = [];
try {
  for (;;) {
    hoard.push(openSync('/dev/null', 'r'));
  }
} catch (error) {
  if (errnoOf(error) !== 'EMFILE') {
    throw error;
  }
}
closeSync(hoard.pop() ?? 0);
await tryOnce();
hoard.forEach(closeSync);
await tryOnce();
process.stdin.resume();
