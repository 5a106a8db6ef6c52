/** Reading a board of 100,000 tasks: the head of the queue, one task, the counts. */

import { writeTasks } from './history.ts';
import { type Benchmark, median, monotonicMs, ms, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const taskCount = 100_000;
const readyCount = 20_000;
const samples = 200;
const limitMs = 2;

/** Latency of the queries that a board's users wait for. */
export const queriesBenchmark: Benchmark = {
  name: 'queries',
  async run({ directory, say }): Promise<readonly Row[]> {
    const board = await openBenchBoard(directory);
    say(`writing ${whole(taskCount)} tasks`);
    const farFutureMs = Date.now() + 1e10;
    const taskIds = await writeTasks(board.log, taskCount, (index) =>
      index % 5 === 0 ? {} : { notBeforeMs: farFutureMs, priority: 9 },
    );
    const queries = await board.read();
    const nowMs = Date.now();
    const rows = [
      row(`first 50 ready of ${whole(taskCount)} (${whole(readyCount)} ready)`, () => {
        if (queries.ready(nowMs, { limit: 50 }).length !== 50) throw new Error('not 50');
      }),
      row('one task', (index) => queries.task(taskIds[index * 7] ?? '', nowMs)),
      row('stats', () => queries.stats(nowMs)),
    ];
    await board.close();
    return rows;
  },
};

function row(what: string, query: (index: number) => unknown): Row {
  const times = Array.from({ length: samples }, (_, index) => {
    const startedMs = monotonicMs();
    query(index);
    return monotonicMs() - startedMs;
  });
  const medianMs = median(times);
  return {
    what,
    measured: ms(medianMs),
    target: `< ${limitMs} ms`,
    isMet: medianMs < limitMs,
    figures: { medianMs, firstMs: times[0] ?? 0 },
  };
}
