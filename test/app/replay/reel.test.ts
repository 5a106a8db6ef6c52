/** The strip of frames: what it shows is what the fold of the log up to there says. */
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTables, openFold } from '../../../projections/fold.ts';
import { prepareQueries, type Queries } from '../../../projections/queries.ts';
import { type Frame, openReel, type Reel } from '../../../src/app/replay/reel.ts';
import { codec } from '../../../src/log/codec.ts';
import { type LogReader, type Position, readLimitMax } from '../../../src/log/event-log.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import { append, comment, onTask } from '../../kit/a-history.ts';
import { taskId } from '../../kit/a-task.ts';
import { createFakeClock } from '../../kit/fake-clock.ts';
import { eventful, simulatedLog } from '../../kit/simulated-log.ts';
import { steppingByFold } from '../../kit/stepping-by-fold.ts';

const log = await simulatedLog(eventful);
const { position: head } = await log.head();

async function open(options: Partial<Parameters<typeof openReel>[0]> = {}): Promise<Reel> {
  const projections = steppingByFold(options.log ?? log);
  const reel = await openReel({ log, projections, first: 1, last: head, ...options });
  onTestFinished(() => reel.close());
  return reel;
}

async function* framesOf(reel: Reel): AsyncIterable<Frame> {
  for (let frame = await reel.advance(); frame !== undefined; frame = await reel.advance()) {
    yield frame;
  }
}

/** The questions over tables folded in one go up to a position. */
async function foldedUpTo(position: Position, of: LogReader = log): Promise<Queries> {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  createTables(db, of.epoch);
  const { fold, flush } = openFold(db);
  for (let after = 0; ; ) {
    const page = await of.readAll({ after, limit: readLimitMax });
    const wanted = page.filter((event) => event.position <= position);
    for (const event of wanted) fold(codec.decode(event));
    if (wanted.length === 0 || wanted.length < page.length) break;
    after = wanted.at(-1)?.position ?? after;
  }
  flush();
  return prepareQueries(db);
}

/** Everything that can be seen of a board. */
function everything(queries: Queries, atMs: number) {
  const tasks = queries.tasks({}, {}, atMs);
  const all = [...tasks, ...queries.tasks({ status: ['archived', 'tombstoned'] }, {}, atMs)];
  return {
    tasks: all,
    runs: all.map((task) => queries.runs(task.taskId)),
    comments: all.map((task) => queries.comments(task.taskId)),
    refused: queries.refused(),
    stats: queries.stats(atMs),
    timeline: queries.timeline({ limit: 100_000 }),
  };
}

describe('a reel over a simulated log', () => {
  test('ends with the board as the tables have it', async () => {
    const reel = await open();
    let last: Frame | undefined;
    for await (const frame of framesOf(reel)) last = frame;

    expect(head).toBeGreaterThan(200);
    expect(last?.position).toBe(head);
    const atMs = last?.atMs ?? 0;
    expect(everything(reel.queries, atMs)).toEqual(everything(await foldedUpTo(head), atMs));
  });

  test('shows at every frame what the fold up to there says', async () => {
    const reel = await open();
    for await (const { position, atMs } of framesOf(reel)) {
      if (position % 29 !== 0) continue;
      const folded = await foldedUpTo(position);
      expect(everything(reel.queries, atMs), `${position}`).toEqual(everything(folded, atMs));
    }
  });

  test('names every task that looks different after an event', async () => {
    const reel = await open();
    let before = new Map<string, string>();
    for await (const { position, atMs, changed, event } of framesOf(reel)) {
      const { tasks, runs } = everything(reel.queries, 0);
      const seen = tasks.map((task, index) => {
        return [task.taskId, JSON.stringify([task, runs[index]])] as const;
      });
      const different = seen.filter(([id, text]) => before.get(id) !== text).map(([id]) => id);
      const named = changed.map((task) => task.taskId);
      expect(named, `${position} ${event.type}`).toEqual(expect.arrayContaining(different));
      for (const task of changed) expect(task).toEqual(reel.queries.task(task.taskId, atMs));
      before = new Map(seen);
    }
  });

  test('has the times between events, and never a negative one', async () => {
    const reel = await open();
    let beforeMs: number | undefined;
    for await (const { atMs, gapMs } of framesOf(reel)) {
      expect(gapMs).toBe(Math.max(0, atMs - (beforeMs ?? atMs)));
      beforeMs = atMs;
    }
  });

  test('begins in the middle with everything before it on the board', async () => {
    const first = Math.floor(head / 2);
    const reel = await open({ first, last: first + 10 });

    expect(everything(reel.queries, 0)).toEqual(everything(await foldedUpTo(first - 1), 0));
    const positions: Position[] = [];
    for await (const { position } of framesOf(reel)) positions.push(position);
    expect([positions.at(0), positions.at(-1)]).toEqual([first, first + 10]);
  });

  test('goes back, and on again, as if it had never been further', async () => {
    const reel = await open();
    for (let steps = 0; steps < 60; steps += 1) await reel.advance();

    const back = await reel.seek(41);

    expect(back).toMatchObject({ position: 41, gapMs: 0 });
    expect(reel.position()).toBe(41);
    const there = everything(reel.queries, back?.atMs ?? 0);
    expect(there).toEqual(everything(await foldedUpTo(41), back?.atMs ?? 0));
    expect((await reel.advance())?.position).toBe(42);
    expect((await reel.seek(55))?.position).toBe(55);
    expect(await reel.seek(0)).toBeUndefined();
    expect(everything(reel.queries, 0)).toEqual(everything(await foldedUpTo(0), 0));
  });

  test('looks ahead without putting the event on the board', async () => {
    const reel = await open();
    const next = await reel.upcoming();

    expect(next?.position).toBe(1);
    expect(reel.position()).toBe(0);
    expect(reel.queries.timeline({ limit: 10 })).toEqual([]);
    expect((await reel.advance())?.event).toEqual(next?.event);
  });
});

describe('a reel of some tasks', () => {
  test('shows every event that changes them, and lets the others happen', async () => {
    const whole = await open();
    const touching = new Map<string, Position[]>();
    for await (const { position, changed } of framesOf(whole)) {
      for (const { taskId: id } of changed) {
        touching.set(id, [...(touching.get(id) ?? []), position]);
      }
    }

    expect(touching.size).toBeGreaterThan(20);
    for (const [id, positions] of touching) {
      const reel = await open({ taskIds: [id] });
      const shown: Position[] = [];
      for await (const { position } of framesOf(reel)) shown.push(position);

      expect(shown, id).toEqual(expect.arrayContaining(positions));
      expect(shown.length, id).toBeLessThan(head / 2);
    }
  });

  test('counts the time since the event that was shown before', async () => {
    const other = 'T-0000000009';
    const clock = createFakeClock();
    const memory = createMemoryLog({ clock, epoch: 'epoch-1' });
    const created = { type: 'TaskCreated', data: { title: 'x', createdBy: 'ada' } } as const;
    const lines = [onTask(created), onTask(created, other), comment('a', other), comment('b')];
    const last = await append(memory, lines);
    const reel = await open({ log: memory, last, taskIds: [taskId] });

    const gaps: number[] = [];
    for await (const { gapMs } of framesOf(reel)) gaps.push(gapMs);

    expect(gaps).toEqual([0, 3_000]);
  });
});

test('an event that the timeline leaves out has an entry all the same', async () => {
  const reel = await open();
  let beats = 0;
  for await (const { event, entries, taskId: about } of framesOf(reel)) {
    expect(entries.length).toBeGreaterThan(0);
    if (event.type !== 'HeartbeatRecorded') continue;
    beats += 1;
    expect(entries).toMatchObject([{ type: event.type, taskId: about, position: event.position }]);
  }
  expect(beats).toBeGreaterThan(0);
});
