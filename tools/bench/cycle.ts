/** Claim, heartbeat, completion through the board's facade, in one process. */
import { join } from 'node:path';
import { type Benchmark, inFlight, median, medianOf, type Row, rate, whole } from './measure.ts';
import { caller, openBenchBoard } from './parts.ts';
import { createTasks, cycle, warmUp } from './work.ts';

const sequentialCount = 3_000;
const concurrentCount = 8_000;
const inFlightMax = 64;
const waitingCount = 10_000;
const comparedCount = 600;

/** Cycles one at a time, 64 at a time, and beside many waiting tasks. */
export const cycleBenchmark: Benchmark = {
  name: 'cycle',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const cold = await warmUp(join(directory, 'warm-up-one'), 1);
    say(`sequential, while V8 compiles ${whole(cold)}/s`);
    const sequential = await medianOf(rounds, async (round) => {
      const perSecond = await cyclesPerSecond(join(directory, `one-${round}`), sequentialCount, 1);
      say(`sequential ${whole(perSecond)}/s`);
      return perSecond;
    });
    await warmUp(join(directory, 'warm-up-many'), inFlightMax);
    const concurrent = await medianOf(rounds, async (round) => {
      const path = join(directory, `many-${round}`);
      const perSecond = await cyclesPerSecond(path, concurrentCount, inFlightMax);
      say(`${inFlightMax} in flight ${whole(perSecond)}/s`);
      return perSecond;
    });
    const ratio = await besideWaitingTasks(directory, rounds);
    return [
      rateRow('claim → heartbeat → complete, one process, sequential', sequential, 1_000),
      rateRow(`the same, ${inFlightMax} in flight`, concurrent, 5_000),
      {
        what: `one cycle with ${whole(waitingCount)} waiting tasks, against the empty board`,
        measured: `${ratio.toFixed(2)} ×`,
        target: '< 1.2 ×',
        isMet: ratio < 1.2,
        figures: { ratio },
      },
    ];
  },
};

function rateRow(what: string, perSecond: number, atLeast: number): Row {
  return {
    what,
    measured: `${whole(perSecond)} cycles/s`,
    target: `≥ ${whole(atLeast)}`,
    isMet: perSecond >= atLeast,
    figures: { perSecond },
  };
}

async function cyclesPerSecond(directory: string, count: number, lanes: number): Promise<number> {
  const board = await openBenchBoard(directory);
  const taskIds = await createTasks(board, count);
  const commands = board.as(caller);
  const perSecond = await rate(count, () =>
    inFlight(count, lanes, (index) => cycle(commands, taskIds[index] ?? '')),
  );
  await board.close();
  return perSecond;
}

/** Both boards take turns, so that a noisy moment of the machine hits both. */
async function besideWaitingTasks(directory: string, rounds: number): Promise<number> {
  const empty = await openBenchBoard(join(directory, 'empty'));
  const full = await openBenchBoard(join(directory, 'full'));
  await addWaitingTasks(full);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times = { empty: [] as number[], full: [] as number[] };
    const [emptyIds, fullIds] = [
      await createTasks(empty, comparedCount),
      await createTasks(full, comparedCount),
    ];
    for (let index = 0; index < comparedCount; index += 1) {
      times.empty.push(sum(await cycle(empty.as(caller), emptyIds[index] ?? '')));
      times.full.push(sum(await cycle(full.as(caller), fullIds[index] ?? '')));
    }
    ratios.push(median(times.full) / median(times.empty));
  }
  await Promise.all([empty.close(), full.close()]);
  return median(ratios);
}

async function addWaitingTasks(board: Awaited<ReturnType<typeof openBenchBoard>>): Promise<void> {
  const commands = board.as(caller);
  const parent = await commands.create({ title: 'never done' });
  if (parent.refused) throw new Error(parent.message);
  await inFlight(waitingCount, 256, (index) =>
    commands.create({ title: `waiting ${index}`, parents: [parent.taskId] }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
