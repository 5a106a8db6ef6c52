/** A reel that begins far into a long log: what was written down of the past, or the fold. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Queries } from '../../../projections/queries.ts';
import { openProjections, type Projections } from '../../../projections/run.ts';
import { type Frame, openReel, type Reel } from '../../../src/app/replay/reel.ts';
import { systemTimers } from '../../../src/host/clock.ts';
import type { EventLog, Position } from '../../../src/log/event-log.ts';
import { foundOf } from '../../kit/found-of.ts';
import { longLog } from '../../kit/long-log.ts';
import { steppingByFold } from '../../kit/stepping-by-fold.ts';
import { tempDir } from '../../kit/temp-dir.ts';

const last = 9_000;
const log = await longLog(last);

type Stepping = Pick<Projections, 'openStepping'>;

/** Tables in a directory, over a log that counts the events that are read from it. */
async function tablesOnDisk() {
  const read = { events: 0 };
  const counting: EventLog = {
    ...log,
    readAll: async (options) => {
      const page = await log.readAll(options);
      read.events += page.length;
      return page;
    },
  };
  const path = tempDir();
  const projections = await openProjections({ log: counting, path, timers: systemTimers });
  onTestFinished(() => projections.close());
  await projections.catchUp();
  return { projections, read, path };
}

async function reelFrom(first: Position, projections: Stepping): Promise<Reel> {
  const reel = await openReel({ log, projections, first, last });
  onTestFinished(() => reel.close());
  return reel;
}

async function framesOf(reel: Reel, count: number): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  while (frames.length < count) {
    const frame = await reel.advance();
    if (frame === undefined) break;
    frames.push(frame);
  }
  return frames;
}

/** Everything that can be seen of a board. */
function everything(queries: Queries) {
  const tasks = queries.tasks({}, {}, 0);
  return {
    tasks,
    runs: tasks.map(({ taskId }) => queries.runs(taskId)),
    comments: tasks.map(({ taskId }) => queries.comments(taskId)),
    board: queries.board(),
    dispatchers: queries.dispatchers(),
    refused: queries.refused(),
    stats: queries.stats(0),
    timeline: queries.timeline({ limit: 100_000 }),
    found: foundOf(queries, 'task'),
  };
}

/** Both are led through the same part of the log, and must not differ anywhere. */
async function expectSame(first: Position, projections: Stepping): Promise<void> {
  const [reel, byFold] = [
    await reelFrom(first, projections),
    await reelFrom(first, steppingByFold(log)),
  ];
  expect(everything(reel.queries), `before ${first}`).toEqual(everything(byFold.queries));
  expect(await framesOf(reel, 300)).toEqual(await framesOf(byFold, 300));
  expect(await reel.seek(first + 7)).toEqual(await byFold.seek(first + 7));
  const after = everything(reel.queries);
  expect(after, `after ${first}`).toEqual(everything(byFold.queries));
  expect(after.found.length).toBeGreaterThan(0);
}

test('shows the same frames as one that folded everything before', async () => {
  const { projections } = await tablesOnDisk();
  const later = await log.readAll({ after: 5_200 });
  const born = later.find(({ type }) => type === 'TaskCreated')?.position ?? 0;
  for (const first of [1, 2_400, 2_501, 2_502, born, born + 1, 7_613, 8_990]) {
    await expectSame(first, projections);
  }
});

test('reads no more of the log than what comes after the last step', async () => {
  const { projections, read } = await tablesOnDisk();
  (await projections.openStepping(8_000)).close();
  read.events = 0;
  (await projections.openStepping(8_100)).close();

  expect(read.events).toBeLessThan(1_000);
});

test('shows the same where nothing can be written down', async () => {
  const { projections, path } = await tablesOnDisk();
  const history = join(path, 'history');
  rmSync(history, { recursive: true, force: true });
  writeFileSync(history, 'in the way');

  await expectSame(6_000, projections);
});
