/** The small process that starts launchers, and what becomes of them when it dies. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLaunchers } from '../../src/host/launchers.ts';
import { createWorkerSpawner } from '../../src/host/spawn-worker.ts';
import { eventually } from '../kit/eventually.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { child, endAfterTest, workerSpec } from './a-worker.ts';
import { bootId, probe, table } from './processes.ts';

/** Starts workers, and ends the process that does it. */
function aSpawner() {
  const before = new Set(spawners());
  const launchers = createLaunchers();
  onTestFinished(() => launchers.close());
  const spawnWorker = createWorkerSpawner({ launchers, table, bootId });

  async function spawned(argv: readonly string[]) {
    const { spec, run } = workerSpec(argv);
    const worker = await spawnWorker(spec);
    if (!worker.spawned) throw new Error(worker.detail);
    endAfterTest(worker.identity);
    return { worker, run };
  }

  /** Our own children that run the program, and were not there before. */
  const own = () => spawners().filter((pid) => !before.has(pid));
  return { launchers, spawned, own };
}

function spawners(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && commandOf(pid).includes('spawner.mjs'))
    .filter((pid) => {
      const sight = table.stat(pid);
      return sight.seen && sight.value.parent === process.pid;
    });
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('the spawner', () => {
  it('is one process, however many workers it starts, and comes with the first', async () => {
    const { spawned, own } = aSpawner();
    expect(own()).toHaveLength(0);
    for (let n = 0; n < 3; n += 1) await spawned(['sleep', '1000']);
    expect(own()).toHaveLength(1);
  });

  it('sees nothing of our environment', async () => {
    const { spawned, own } = aSpawner();
    await spawned(['sleep', '1000']);
    const environment = readFileSync(`/proc/${own()[0]}/environ`, 'utf8');
    expect(environment).not.toContain('PATH=');
  });

  it('has a session of its own, so that its forks cost us none of our share', async () => {
    const { spawned, own } = aSpawner();
    await spawned(['sleep', '1000']);
    const [spawner = 0] = own();
    expect(table.stat(spawner)).toMatchObject({ value: { session: spawner } });
  });

  it('leaves when it is let go, and the gates close', async () => {
    const { launchers, spawned, own } = aSpawner();
    const mark = join(tempDir(), 'mark');
    const { worker } = await spawned([child('leaves-mark.sh'), mark]);
    launchers.close();
    await eventually('it has left', () => own().length === 0);
    await eventually('the launcher has left', () => probe(worker.identity).verdict === 'dead');
    expect(existsSync(mark)).toBe(false);
  });

  it('closes the gates when it is killed, and whoever was let go goes on, unseen', async () => {
    const { spawned, own } = aSpawner();
    const mark = join(tempDir(), 'mark');
    const waiting = await spawned([child('leaves-mark.sh'), mark]);
    const working = await spawned(['sleep', '1000']);
    working.worker.go();
    await eventually('it works', () => readFileSync(working.run.exit, 'utf8') === 'started\n');
    process.kill(own()[0]!, 'SIGKILL');
    expect(await working.worker.exited).toBeUndefined();
    await eventually(
      'the launcher at the gate has left',
      () => probe(waiting.worker.identity).verdict === 'dead',
    );
    expect(existsSync(mark)).toBe(false);
    expect(probe(working.worker.identity).verdict).toBe('alive');
  });

  it('is replaced by another when it has died', async () => {
    const { spawned, own } = aSpawner();
    const first = await spawned(['true']);
    process.kill(own()[0]!, 'SIGKILL');
    await first.worker.exited;
    const second = await spawned(['true']);
    second.worker.go();
    expect(await second.worker.exited).toEqual({ code: 0 });
  });
});
