/** The past of a board with real workers: replayed, and its attempts compared. */
import { describe, expect, test } from 'vitest';
import { diffRuns } from '../../src/app/diff/run-diff.ts';
import { runStory } from '../../src/app/diff/run-story.ts';
import { createPlayback, type Played } from '../../src/app/replay/playback.ts';
import { openReel, type Reel } from '../../src/app/replay/reel.ts';
import { type TurningPoint, turningPointsOf } from '../../src/domain/turning-point.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { codec } from '../../src/log/codec.ts';
import { openBoardAt } from '../../src/main.ts';
import { playDemo } from '../kit/demo-board.ts';

const timers = systemTimers;

/** Plays as fast as it goes, until the first turning point of these kinds. */
async function playThrough(reel: Reel, until: readonly TurningPoint[]): Promise<Played> {
  return createPlayback({
    ...{ reel, clock: systemClock, timers, until, startAtMs: 0 },
    ...{ pace: { speed: 1, idleMaxMs: 0 }, isWatched: false, onFrame() {} },
  }).run();
}

describe('after the demo', () => {
  test('its replay ends with the board as it is, and the log as it was', async () => {
    const { directory, cast } = await playDemo();
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
});
