/** `why` on a board with a long past: what a person waits for once the board is open. */
import { explain } from '../../src/app/why.ts';
import { codec } from '../../src/log/codec.ts';
import { eventsPerLife, writeLives } from './history.ts';
import { type Benchmark, median, monotonicMs, ms, percentile, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const eventCount = 1_000_000;
const samples = 200;
const limitMs = 50;

/** Latency of answers about tasks and runs from all over the log. */
export const whyBenchmark: Benchmark = {
  name: 'why',
  async run({ directory, say }): Promise<readonly Row[]> {
    const board = await openBenchBoard(directory);
    say(`writing ${whole(eventCount)} events`);
    await writeLives(board.log, eventCount / eventsPerLife);
    say('folding them');
    await board.read();
    const rows: Row[] = [];
    for (const type of ['TaskCreated', 'RunOpened'] as const) {
      const ids = await idsOf(board.log, type);
      rows.push(await measured(type === 'RunOpened' ? 'a run' : 'a task', board, ids));
    }
    await board.close();
    return rows;
  },
};

type BenchBoard = Awaited<ReturnType<typeof openBenchBoard>>;

/** Ids from all over the log. */
async function idsOf(log: BenchBoard['log'], type: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const after = Math.floor((sample * eventCount) / samples);
    const page = (await log.readAll({ after, limit: 2 * eventsPerLife })).map(codec.decode);
    const found = page.find((event) => event.type === type);
    if (found !== undefined) ids.push(found.stream.replace(/^(task|run)-/, ''));
  }
  return ids;
}

async function measured(what: string, board: BenchBoard, ids: readonly string[]): Promise<Row> {
  const times: number[] = [];
  for (const id of ids) {
    const startedMs = monotonicMs();
    const answer = await explain(board, id);
    times.push(monotonicMs() - startedMs);
    if (answer.refused) throw new Error(answer.message);
  }
  const [medianMs, p95Ms] = [median(times), percentile(times, 0.95)];
  return {
    what: `why of ${what}, ${whole(eventCount)} events, median / p95`,
    measured: `${ms(medianMs)} / ${ms(p95Ms)}`,
    target: `< ${limitMs} ms`,
    isMet: p95Ms < limitMs,
    figures: { medianMs, p95Ms, longestMs: Math.max(...times), firstMs: times[0] ?? 0 },
  };
}
