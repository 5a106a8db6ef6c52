/** What encrypting the text of tasks costs, and what it costs not to: boards that take turns. */
import { join } from 'node:path';
import type { Board } from '../../src/app/board.ts';
import { readLimitMax } from '../../src/log/event-log.ts';
import type { OpenOptions } from '../disk/open-log.ts';
import { type Benchmark, inFlight, median, type Row, rate, whole } from './measure.ts';
import { caller, openBenchBoard } from './parts.ts';
import { createTasks, cycle, warmUp } from './work.ts';

const sequentialCount = 800;
const concurrentCount = 4_000;
const inFlightMax = 64;

/** How the boards differ. `keyless`: as before there was encryption. */
const kinds: Readonly<Record<string, OpenOptions>> = {
  keyless: { keyless: true },
  off: {},
  on: { encrypt: true },
};

interface Measure {
  /** What encryption may leave of the rate. */
  readonly least: number;
  perSecond(board: Board): Promise<number>;
}

const measures: Readonly<Record<string, Measure>> = {
  'tasks created, 256 in flight': {
    least: 0.4,
    perSecond: (board) =>
      rate(concurrentCount, async () => void (await createTasks(board, concurrentCount))),
  },
  'cycles, sequential': { least: 0.8, perSecond: (board) => cycles(board, sequentialCount, 1) },
  [`cycles, ${inFlightMax} in flight`]: {
    least: 0.5,
    perSecond: (board) => cycles(board, concurrentCount, inFlightMax),
  },
  'events read': { least: 0.1, perSecond: readings },
};

/** Rates with encryption on and off, against a log that cannot encrypt. */
export const privacyBenchmark: Benchmark = {
  name: 'privacy',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    await warmUp(join(directory, 'warm-up'), inFlightMax);
    const rates: Record<string, Record<string, number[]>> = {};
    for (let round = 0; round < rounds; round += 1) {
      for (const [kind, options] of Object.entries(kinds)) {
        const board = await openBenchBoard(join(directory, `${kind}-${round}`), options);
        for (const [what, measure] of Object.entries(measures)) {
          const perSecond = await measure.perSecond(board);
          say(`${kind}: ${what} ${whole(perSecond)}/s`);
          rates[what] ??= {};
          rates[what][kind] ??= [];
          rates[what][kind].push(perSecond);
        }
        await board.close();
      }
    }
    return Object.entries(rates).flatMap(([what, of]) => rowsOf(what, of));
  },
};

function rowsOf(what: string, rates: Readonly<Record<string, readonly number[]>>): readonly Row[] {
  const of = (kind: string) => median(rates[kind] ?? []);
  const [keyless, off, on] = [of('keyless'), of('off'), of('on')];
  const figures = { keyless, off, on };
  const row = (state: string, ratio: number, least: number): Row => ({
    what: `${what}, encryption ${state}`,
    measured: `${ratio.toFixed(2)} × (${whole(ratio * keyless)}/s)`,
    target: `≥ ${least} ×`,
    isMet: ratio >= least,
    figures,
  });
  return [row('off', off / keyless, 0.95), row('on', on / keyless, measures[what]?.least ?? 1)];
}

async function cycles(board: Board, count: number, lanes: number): Promise<number> {
  const taskIds = await createTasks(board, count);
  const commands = board.as(caller);
  return rate(count, () =>
    inFlight(count, lanes, async (index) => void (await cycle(commands, taskIds[index] ?? ''))),
  );
}

async function readings({ log }: Board): Promise<number> {
  const { position } = await log.head();
  return rate(position, async () => {
    for (let after = 0; after < position; after += readLimitMax) {
      await log.readAll({ after, limit: readLimitMax });
    }
  });
}
