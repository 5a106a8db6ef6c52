/** The past of a board answers the same before and after its beats were thinned out. */
import { expect, onTestFinished, test } from 'vitest';
import type { Board } from '../../src/app/board.ts';
import type { PastPoint } from '../../src/app/position-at.ts';
import { readStory } from '../../src/app/story.ts';
import { createPastReader } from '../../src/app/task-past.ts';
import { whatIf } from '../../src/app/what-if.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { openBoardAt } from '../../src/main.ts';
import { beganAtMs, idsOf, writeBeatingRuns } from '../kit/beating-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { thinAll } from '../kit/thin-log.ts';
import { realPorts } from '../log/real-ports.ts';

const runs = 4;
const minuteMs = 60_000;
const longAfterMs = beganAtMs + 10 * 365 * 24 * 60 * minuteMs;
const axes = [{ key: 'claimTtlMs', values: [1_000, 20_000, 30 * minuteMs] }] as const;

async function aBeatenBoard(beats: number): Promise<string> {
  const directory = tempDir();
  let nowMs = 0;
  const clock = { ...realPorts.clock, nowMs: () => nowMs };
  const log = await openSqliteLog(directory, { ...realPorts, clock });
  // All are silent for longer than their lease, now and then.
  const pauseMs = (beat: number) => (beat % 40 === 39 ? 20 * minuteMs : 0);
  const beating = { runs, beats, pauseMs, together: 1, isOpen: (run: number) => run === 3 };
  await writeBeatingRuns(
    recordedWhenSaid(log, (atMs) => (nowMs = atMs)),
    beating,
  );
  await log.close();
  return directory;
}

/** Events are recorded at the moment they tell of, as in life. */
function recordedWhenSaid(log: EventLog, setNow: (atMs: number) => void): EventLog {
  const append: EventLog['append'] = (writes) => {
    const meta = writes[0]?.events[0]?.meta;
    if (meta !== undefined) setNow(JSON.parse(meta).at);
    return log.append(writes);
  };
  return { append } as EventLog;
}

/** Everything a board of the past says; `nowMs` is some time after the moment looked at. */
async function answersAt(board: Board, point: PastPoint) {
  const then = await board.at(point);
  if (then.refused) throw new Error(then.message);
  const queries = await then.read();
  const nowMs = then.nowMs();
  const reader = createPastReader(then.log);
  const answers = {
    past: then.past,
    stats: queries.stats(nowMs),
    tasks: queries.tasks({ includeArchived: true }, {}, nowMs),
    story: await readStory({ reader, queries, nowMs }, { limit: 1_000 }),
    whatIf: await whatIf(then, { axes }),
    each: await Promise.all(
      Array.from({ length: runs }, async (_, run) => {
        const { taskId, runId } = idsOf(run);
        const why = [await then.why(taskId), await then.why(runId)];
        return { runs: queries.runs(taskId), trouble: queries.trouble(taskId), why };
      }),
    ),
  };
  await then.close();
  return withoutMadeUp(answers);
}

/** The ids of beats that are gone are made up, and so is who sent them. */
function withoutMadeUp(answers: unknown): unknown {
  const isMadeUp = (key: string) => ['eventId', 'commandId', 'causationId', 'actor'].includes(key);
  return JSON.parse(JSON.stringify(answers, (key, value) => (isMadeUp(key) ? null : value)));
}

async function allAnswers(directory: string, points: readonly PastPoint[]) {
  const board = await openBoardAt(directory, { access: 'read', policy: undefined });
  onTestFinished(() => board.close());
  const answers: unknown[] = [];
  for (const point of points) answers.push(await answersAt(board, point));
  return answers;
}

async function thin(directory: string): Promise<number> {
  const log = await openSqliteLog(directory, realPorts);
  const beats = await thinAll(log, longAfterMs);
  await log.close();
  return beats;
}

/** Steps on the way there are written down. */
async function lookAtTheEnd(directory: string): Promise<void> {
  const board = await openBoardAt(directory, { access: 'read', policy: undefined });
  const { position } = await board.log.head();
  const then = await board.at({ position });
  if (!then.refused) await then.close();
  await board.close();
}

test('at many positions, far in and between the beats', async () => {
  const directory = await aBeatenBoard(200);
  const positions = Array.from({ length: 40 }, (_, index) => 11 + 20 * index);
  const times = [5, 77, 131].map((beat) => ({ atMs: beganAtMs + beat * 30_000 }));
  const points = [...positions.map((position) => ({ position })), ...times];
  const before = await allAnswers(directory, points);
  expect(await thin(directory)).toBeGreaterThan(500);
  expect(await allAnswers(directory, points)).toEqual(before);
}, 60_000);

test('and where the past was written down since, in steps', async () => {
  const [thinned, whole] = await Promise.all([aBeatenBoard(800), aBeatenBoard(800)]);
  const points = [3_000, 2_600, 3_100].map((position) => ({ position }));
  expect(await thin(thinned)).toBeGreaterThan(2_000);
  await lookAtTheEnd(thinned);
  const answers = await allAnswers(whole, points);
  expect(await allAnswers(thinned, points)).toEqual(answers);
}, 60_000);
