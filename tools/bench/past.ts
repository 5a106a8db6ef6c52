/**
 * Looking at any moment of a million events: what was written down of the past helps, and how much,
 * in this process and in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Board } from '../../src/app/board.ts';
import { createChance } from '../trial/chance.ts';
import { eventsPerLife, writeLives } from './history.ts';
import { type Benchmark, median, monotonicMs, ms, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const eventCount = 1_000_000;
const looks = 60;
const coldLooks = 15;
const limitMs = 300;
const limitWithoutMs = 15_000;
const binPath = fileURLToPath(new URL('../../src/logboard.cjs', import.meta.url));

/** How long it takes until the board of the past has answered. */
export const pastBenchmark: Benchmark = {
  name: 'past',
  async run({ directory, say }): Promise<readonly Row[]> {
    const board = await openBenchBoard(directory);
    say(`writing ${whole(eventCount)} events`);
    await writeLives(board.log, eventCount / eventsPerLife);
    await board.read();
    const withoutMs = await firstLook(board, directory);
    say(`nothing written down: ${ms(withoutMs)}`);
    const chance = createChance('past');
    const anywhere = () => chance.whole(1, eventCount);
    const times: number[] = [];
    for (let look = 0; look < looks; look += 1) times.push(await lookAt(board, anywhere()));
    await board.close();
    const args = ['--board', directory, 'stats', '--json'];
    const timesOf = (more: () => readonly string[]) =>
      Array.from({ length: coldLooks }, () => timed([...args, ...more()]));
    const cold = timesOf(() => ['--at', `${anywhere()}`]);
    const present = median(timesOf(() => []));
    say(`the present, in a process of its own: ${ms(present)}`);
    return [
      row('the board at any moment, this process', times, {}),
      row('`logboard stats --at`, cold process', cold, { presentMs: present }),
      {
        what: 'the first look, which writes down the past',
        measured: ms(withoutMs),
        target: `< ${whole(limitWithoutMs)} ms`,
        isMet: withoutMs < limitWithoutMs,
        figures: { withoutMs },
      },
    ];
  },
};

function row(what: string, times: readonly number[], more: Readonly<Record<string, number>>): Row {
  const [medianMs, worstMs] = [median(times), Math.max(...times)];
  return {
    what: `${what}, ${whole(eventCount)} events`,
    measured: `${ms(medianMs)}, worst ${ms(worstMs)}`,
    target: `< ${limitMs} ms`,
    isMet: worstMs < limitMs,
    figures: { medianMs, worstMs, ...more },
  };
}

/** The last position, with nothing written down. */
function firstLook(board: Board, directory: string): Promise<number> {
  rmSync(join(directory, 'history'), { recursive: true, force: true });
  return lookAt(board, eventCount);
}

/** Opens the board there, counts it, lists fifty tasks. */
async function lookAt(board: Board, position: number): Promise<number> {
  const startedMs = monotonicMs();
  const past = await board.at({ position });
  if (past.refused) throw new Error(past.message);
  const queries = await past.read();
  queries.stats(past.nowMs());
  queries.tasks({}, { limit: 50 }, past.nowMs());
  const tookMs = monotonicMs() - startedMs;
  await past.close();
  return tookMs;
}

function timed(args: readonly string[]): number {
  const startedMs = monotonicMs();
  const result = spawnSync(process.execPath, [binPath, ...args], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return monotonicMs() - startedMs;
}
