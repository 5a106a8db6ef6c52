/** How many workers a dispatcher starts per second, and how long its event loop stands still. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { writeTasks } from './history.ts';
import { type Benchmark, median, ms, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const waitingCount = 100_000;
const spawnCount = 1_500;
const maxRunning = 60;
const targetPerSecond = 300;
const blockedMsMax = 10;
const childPath = fileURLToPath(new URL('./dispatch-process.js', import.meta.url));

/** Spawn rate beside many waiting tasks. */
export const spawnBenchmark: Benchmark = {
  name: 'spawn',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const results: Outcome[] = [];
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      const outcome = await spawnAll(`${directory}/${round}`);
      say(`${whole(outcome.perSecond)}/s, blocked ${ms(outcome.maxMs)} (p99 ${ms(outcome.p99Ms)})`);
      results.push(outcome);
    }
    const of = (key: keyof Outcome) => median(results.map((outcome) => outcome[key]));
    return [
      {
        what: `spawns with ${whole(waitingCount)} tasks on the board`,
        measured: `${whole(of('perSecond'))}/s`,
        target: `≥ ${targetPerSecond}`,
        isMet: of('perSecond') >= targetPerSecond,
        figures: { perSecond: of('perSecond'), rssMiB: of('rssMiB') },
      },
      {
        what: "the dispatcher's event loop blocked at most",
        measured: `${ms(of('maxMs'))} (p99 ${ms(of('p99Ms'))})`,
        target: `≤ ${blockedMsMax} ms`,
        isMet: of('maxMs') <= blockedMsMax,
        figures: { maxMs: of('maxMs'), p99Ms: of('p99Ms') },
      },
    ];
  },
};

interface Outcome {
  readonly perSecond: number;
  readonly maxMs: number;
  readonly p99Ms: number;
  readonly rssMiB: number;
}

/** The dispatcher has a process of its own, as small as it is in real life: spawning forks it. */
async function spawnAll(directory: string): Promise<Outcome> {
  const board = await openBenchBoard(directory);
  const [parent = ''] = await writeTasks(board.log, 1, () => ({ assignee: 'nobody' }));
  await writeTasks(board.log, waitingCount, () => ({ parents: [parent] }));
  await writeTasks(board.log, spawnCount, () => ({ assignee: 'nothing', priority: 9 }));
  await board.read();
  await board.close();
  const args = [childPath, directory, String(spawnCount), String(maxRunning)];
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as Outcome;
}
