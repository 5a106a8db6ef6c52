/** The stories of a board with a long past: 1,000,000 events of 100,000 tasks. */
import { createCausality, eventPosition } from '../../src/app/causality.ts';
import { readPicture } from '../../src/app/picture.ts';
import { readStory } from '../../src/app/story.ts';
import { createPastReader } from '../../src/app/task-past.ts';
import { eventsPerLife, writeLives } from './history.ts';
import { type Benchmark, median, monotonicMs, ms, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const taskCount = 100_000;
const samples = 50;

/** Latency of the timeline of one task, of what led to an event, and of the whole board. */
export const timelineBenchmark: Benchmark = {
  name: 'timeline',
  async run({ directory, say }): Promise<readonly Row[]> {
    const board = await openBenchBoard(directory);
    say(`writing ${whole(taskCount * eventsPerLife)} events`);
    await writeLives(board.log, taskCount);
    const queries = await board.read();
    const { log } = board;
    const nowMs = board.nowMs();
    const all = queries.tasks({}, { sort: 'title', limit: samples }, nowMs);
    const taskIdAt = (index: number) => all[index % all.length]?.taskId ?? '';
    const source = () => ({ reader: createPastReader(log), queries, nowMs });
    const head = (await log.head()).position;
    const lastId = (await log.readAll({ after: head - 1 }))[0]?.id ?? '';
    const rows = [
      await row('of one task', 20, (index) =>
        readStory(source(), { taskIds: [taskIdAt(index)], limit: 100 }),
      ),
      await row('picture of one task', 20, (index) =>
        readPicture(createPastReader(log), queries, { taskIds: [taskIdAt(index)], nowMs }),
      ),
      await row('what led to an event', 20, (index) =>
        createCausality(source(), log).causes(Math.floor((head * (index + 1)) / (samples + 1))),
      ),
      await row('the latest 100 of the board', 100, () => readStory(source(), { limit: 100 })),
      await row('an event by its id, the last one', 100, () => eventPosition(log, lastId, nowMs)),
    ];
    await board.close();
    return rows;
  },
};

async function row(
  what: string,
  limitMs: number,
  once: (index: number) => Promise<unknown>,
): Promise<Row> {
  const times: number[] = [];
  for (let index = 0; index < samples; index += 1) {
    const startedMs = monotonicMs();
    await once(index);
    times.push(monotonicMs() - startedMs);
  }
  const medianMs = median(times);
  return {
    what: `timeline, 1,000,000 events: ${what}`,
    measured: ms(medianMs),
    target: `< ${limitMs} ms`,
    isMet: medianMs < limitMs,
    figures: { medianMs, firstMs: times[0] ?? 0 },
  };
}
