/**
 * How many workers a dispatcher starts per second, and how long its event loop stands still: by its
 * own doing, and with the time for which the workers it starts have all cores.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { writeTasks } from './history.ts';
import type { LoopDelay } from './loop-delay.ts';
import { type Benchmark, median, ms, percent, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const waitingCount = 100_000;
/** As many are started before, while V8 compiles: a dispatcher runs for weeks. */
const spawnCount = 1_500;
const maxRunning = 60;
const targetPerSecond = 300;
const blockedMsMax = 10;
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const dispatcherPath = pathOf('./dispatch-process.js');
const launchersPath = pathOf('./launch-process.js');

/** Spawn rate beside many waiting tasks. */
export const spawnBenchmark: Benchmark = {
  name: 'spawn',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const results: Outcome[] = [];
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      const outcome = await spawnAll(`${directory}/${round}`);
      const { cold, alone } = outcome;
      say(`first ${whole(spawnCount)} ${describe(cold)}`);
      say(`later ${describe(outcome)}; launchers alone ${describe(alone)}`);
      results.push(outcome);
    }
    const of = (key: Exclude<keyof Outcome, 'alone' | 'cold'>) =>
      median(results.map((one) => one[key]));
    const alone = (key: keyof Launched) => median(results.map((one) => one.alone[key]));
    const share = of('perSecond') / alone('perSecond');
    const withWaiting = `with waiting for a core ${ms(of('maxMs'))}`;
    return [
      {
        what: `spawns with ${whole(waitingCount)} tasks on the board`,
        measured: `${whole(of('perSecond'))}/s (${percent(share)} of launchers alone)`,
        target: `≥ ${targetPerSecond}`,
        isMet: of('perSecond') >= targetPerSecond,
        figures: {
          perSecond: of('perSecond'),
          coldPerSecond: median(results.map(({ cold }) => cold.perSecond)),
          rssMiB: of('rssMiB'),
          alonePerSecond: alone('perSecond'),
        },
      },
      {
        what: "the dispatcher's event loop blocked at most",
        measured: `${ms(of('ownMaxMs'))} (${withWaiting}; launchers alone ${ms(alone('maxMs'))})`,
        target: `≤ ${blockedMsMax} ms`,
        isMet: of('ownMaxMs') <= blockedMsMax,
        figures: {
          ownMaxMs: of('ownMaxMs'),
          ownP99Ms: of('ownP99Ms'),
          maxMs: of('maxMs'),
          p99Ms: of('p99Ms'),
          aloneMaxMs: alone('maxMs'),
        },
      },
    ];
  },
};

interface Launched extends LoopDelay {
  readonly perSecond: number;
}

interface Outcome extends Launched {
  readonly rssMiB: number;
  /** The first ones of the process. */
  readonly cold: Launched;
  /** The same launchers with no dispatcher, log or board: what the machine can do. */
  readonly alone: Launched;
}

function describe({ perSecond, ownMaxMs, maxMs }: Launched): string {
  return `${whole(perSecond)}/s, blocked ${ms(ownMaxMs)}, held up ${ms(maxMs)}`;
}

/** The dispatcher has a process of its own, as small as it is in real life: spawning forks it. */
async function spawnAll(directory: string): Promise<Outcome> {
  const board = await openBenchBoard(directory);
  const [parent = ''] = await writeTasks(board.log, 1, () => ({ assignee: 'nobody' }));
  await writeTasks(board.log, waitingCount, () => ({ parents: [parent] }));
  await writeTasks(board.log, 2 * spawnCount, () => ({ assignee: 'nothing', priority: 9 }));
  await board.read();
  await board.close();
  const alone = runChild<Launched>(launchersPath, `${directory}-alone`);
  return { ...runChild<Omit<Outcome, 'alone'>>(dispatcherPath, directory), alone };
}

function runChild<T>(path: string, directory: string): T {
  const args = [path, directory, String(spawnCount), String(maxRunning)];
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as T;
}
