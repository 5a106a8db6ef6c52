/** `logboard list` on a board of 10,000 tasks, in a process of its own: what a person waits for. */
import { fileURLToPath } from 'node:url';
import { writeTasks } from './history.ts';
import { timeNode } from './machine.ts';
import { type Benchmark, median, ms, type Row } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const taskCount = 10_000;
const samples = 15;
const limitMs = 200;
const binPath = fileURLToPath(new URL('../../src/logboard.cjs', import.meta.url));

/** Wall time of a cold `list`, beside a Node process that does nothing. */
export const listBenchmark: Benchmark = {
  name: 'list',
  async run({ directory, say }): Promise<readonly Row[]> {
    const board = await openBenchBoard(directory);
    await writeTasks(board.log, taskCount, () => ({}));
    await board.read();
    await board.close();
    const empty: number[] = [];
    const list: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      empty.push(timeNode(['-e', '0']));
      list.push(timeNode([binPath, 'list', '--board', directory]));
    }
    say(`node alone ${ms(median(empty))}`);
    return [
      {
        what: '`logboard list`, 10,000 tasks, cold process',
        measured: `${ms(median(list))} (node alone ${ms(median(empty))})`,
        target: `< ${limitMs} ms`,
        isMet: median(list) < limitMs,
        figures: { listMs: median(list), nodeMs: median(empty) },
      },
    ];
  },
};
