/**
 * The past of a board with real workers: replayed, its attempts compared, and an incident of it
 * saved there and looked into where there is nothing else.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diffRuns } from '../../src/app/diff/run-diff.ts';
import { runStory } from '../../src/app/diff/run-story.ts';
import { createPlayback, type Played } from '../../src/app/replay/playback.ts';
import { openReel, type Reel } from '../../src/app/replay/reel.ts';
import { type TurningPoint, turningPointsOf } from '../../src/domain/turning-point.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { codec } from '../../src/log/codec.ts';
import { openBoardAt } from '../../src/main.ts';
import { commandLine } from '../cli/command-line.ts';
import { type DemoBoard, playDemo } from '../kit/demo-board.ts';

const timers = systemTimers;

const place = mkdtempSync(join(tmpdir(), 'logboard-'));
let demo: DemoBoard;
beforeAll(async () => {
  demo = await playDemo({}, place);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Plays as fast as it goes, until the first turning point of these kinds. */
async function playThrough(reel: Reel, until: readonly TurningPoint[]): Promise<Played> {
  return createPlayback({
    ...{ reel, clock: systemClock, timers, until, startAtMs: 0 },
    ...{ pace: { speed: 1, idleMaxMs: 0 }, isWatched: false, onFrame() {} },
  }).run();
}

test('the replay of the demo ends with the board as it is, and the log as it was', async () => {
  const { directory, cast } = demo;
  const board = await openBoardAt(directory, { access: 'read', policy: undefined });
  try {
    const before = await board.log.head();
    const live = await board.read();
    const nowMs = board.nowMs();
    const options = {
      log: board.log,
      projections: board.projections,
      first: 1,
      last: before.position,
    };

    const reel = await openReel(options);
    expect(await playThrough(reel, [])).toEqual({ end: 'over' });
    const tasks = live.tasks({}, {}, nowMs);
    expect(reel.queries.tasks({}, {}, nowMs)).toEqual(tasks);
    for (const { taskId } of tasks) {
      expect(reel.queries.runs(taskId)).toEqual(live.runs(taskId));
    }
    const all = { limit: 100_000 };
    expect(reel.queries.timeline(all)).toEqual(live.timeline(all));
    reel.close();

    const events = (await board.log.readAll()).map(codec.decode);
    for (const kind of ['reclaim', 'refused', 'failure'] as const) {
      const first = events.find((event) => turningPointsOf(event).includes(kind));
      const again = await openReel(options);
      expect(await playThrough(again, [kind]), kind).toMatchObject({
        ...{ end: 'turning_point', at: kind, frame: { position: first?.position } },
      });
      again.close();
    }

    const [one, other] = await Promise.all(
      live.runs(cast.killed).map(({ runId }) => runStory(board.log, live, runId)),
    );
    if (!one || !other || one.refused || other.refused) throw new Error('no two attempts');
    const { split, differences, same } = diffRuns(one, other);
    expect(split).toMatchObject({ phase: 'ended', a: 'crashed', b: 'completed' });
    expect(differences).toContainEqual({ fact: 'signal', a: 'SIGKILL', b: null });
    expect(same).toEqual(expect.arrayContaining(['task', 'assignee', 'host', 'argv']));
    expect(await board.log.head()).toEqual(before);
  } finally {
    await board.close();
  }
}, 120_000);

test('an incident of it answers every verb, about every task, as the board does', async () => {
  const { directory } = demo;
  const here = commandLine();
  const elsewhere = commandLine();
  const board = ['--board', directory];
  const { position } = await here.json<{ position: number }>(['stats', ...board]);
  const at = ['--at', `${position}`];
  const tasks = await here.json<{ id: string }[]>(['list', ...board]);

  async function expectSame(file: string, line: readonly string[]): Promise<void> {
    const there = await elsewhere.run(['--log', file, ...line, '--json']);
    const wanted = await here.run([...line, ...board, ...at, '--json']);
    expect(there, line.join(' ')).toEqual(wanted);
    expect(there.exit).toBe(0);
  }

  const all = join(here.directory, 'all.jsonl');
  await here.json(['incident', 'save', '--from', '1', '-o', all, ...board, ...at]);
  for (const line of ['list', 'stats', 'timeline --importance 1', 'events', 'diagnostics']) {
    await expectSame(all, line.split(' '));
  }
  await expectSame(all, ['search', 'survey']);

  for (const { id } of tasks) {
    const file = join(here.directory, `${id}.jsonl`);
    await here.json(['incident', 'save', '--around', id, '-o', file, ...board, ...at]);
    for (const verb of ['show', 'runs', 'timeline', 'context', 'log']) {
      await expectSame(file, [verb, id]);
    }
  }
}, 120_000);
