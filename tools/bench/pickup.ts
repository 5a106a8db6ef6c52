/** How long a ready task waits until it is claimed, when another process created it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startFleet } from './fleet.ts';
import { type Benchmark, monotonicMs, ms, percentile, type Row } from './measure.ts';

const taskCount = 300;
/**
 * Long enough for the board to be idle again: some 15 ms after a claim its worker has ended, and
 * what is left of it is looked for 25 ms later, among all processes.
 */
const pauseMs = 80;
const childPath = fileURLToPath(new URL('./create-process.js', import.meta.url));

/** Ready to claimed, on an idle board. */
export const pickupBenchmark: Benchmark = {
  name: 'pickup',
  async run({ directory }): Promise<readonly Row[]> {
    const claimedAtMs = new Map<string, number>();
    const fleet = await startFleet(directory, {
      maxRunning: 50,
      report: (what, facts) => {
        if (what === 'claimed') claimedAtMs.set(String(facts['taskId']), monotonicMs());
      },
    });
    const createdAtMs = await createElsewhere(directory);
    await untilAll(() => claimedAtMs.size >= createdAtMs.size);
    await fleet.stop();
    const waits = [...createdAtMs].map(
      ([taskId, atMs]) => (claimedAtMs.get(taskId) ?? Number.POSITIVE_INFINITY) - atMs,
    );
    const [p50, p99] = [percentile(waits, 0.5), percentile(waits, 0.99)];
    return [
      {
        what: 'ready → claimed, idle board, created by another process',
        measured: `p50 ${ms(p50)}, p99 ${ms(p99)}`,
        target: 'p50 < 3 ms, p99 < 10 ms',
        isMet: p50 < 3 && p99 < 10,
        figures: { p50, p99, max: Math.max(...waits) },
      },
    ];
  },
};

async function createElsewhere(directory: string): Promise<ReadonlyMap<string, number>> {
  const args = [childPath, directory, String(taskCount), String(pauseMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(child, 'close');
  const lines = text.trimEnd().split('\n');
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
}

/** Looks again and again; the benchmark has nothing else to do. */
async function untilAll(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
