/** Playing: how long is waited, where it stops, and what the keys do. */
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createPlayback,
  type Playback,
  type PlaybackOptions,
  type Played,
} from '../../../src/app/replay/playback.ts';
import { openReel } from '../../../src/app/replay/reel.ts';
import type { Pace } from '../../../src/domain/pace.ts';
import { turningPoints, turningPointsOf } from '../../../src/domain/turning-point.ts';
import { codec } from '../../../src/log/codec.ts';
import type { LogReader, Position } from '../../../src/log/event-log.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import { append, atTime, comment, onTask } from '../../kit/a-history.ts';
import { createFakeClock, type FakeClock } from '../../kit/fake-clock.ts';
import { storyAtMs } from '../../kit/given.ts';
import { eventful, simulatedLog } from '../../kit/simulated-log.ts';
import { steppingByFold } from '../../kit/stepping-by-fold.ts';

/** When the events of the story happen, ms after its beginning: one of them a step back in time. */
const story = [0, 400, 1_000, 61_000, 60_000, 60_200];

const asFast: Pace = { speed: 1, idleMaxMs: Number.POSITIVE_INFINITY };

async function storyLog(): Promise<LogReader> {
  const log = createMemoryLog({ clock: createFakeClock(), epoch: 'epoch-1' });
  const created = { type: 'TaskCreated', data: { title: 'Paint', createdBy: 'ada' } } as const;
  const lines = [onTask(created), ...story.slice(1).map((_, index) => comment(`${index}`))];
  await append(
    log,
    lines.map((line, index) => atTime(storyAtMs + story[index]!, line)),
  );
  return log;
}

interface Show {
  readonly clock: FakeClock;
  readonly playback: Playback;
  /** What was shown: position, how long it was waited for, and when by the monotonic clock. */
  readonly frames: { position: Position; waitedMs: number; atMonoMs: number }[];
  readonly played: Promise<Played>;
}

async function play(log: LogReader, options: Partial<PlaybackOptions> = {}): Promise<Show> {
  const clock = createFakeClock();
  const { position: last } = await log.head();
  const reel = await openReel({ log, projections: steppingByFold(log), first: 1, last });
  onTestFinished(() => reel.close());
  const frames: Show['frames'] = [];
  const playback = createPlayback({
    ...{ reel, clock, timers: clock, pace: asFast, startAtMs: storyAtMs },
    ...{ until: [], isWatched: false },
    ...options,
    onFrame: ({ position }, waitedMs) =>
      frames.push({ position, waitedMs, atMonoMs: clock.monoMs() }),
  });
  const played = playback.run();
  await clock.settle();
  return { clock, playback, frames, played };
}

describe('the waits', () => {
  test.each([
    ['as it was', asFast, [0, 400, 600, 60_000, 0, 200]],
    ['ten times as fast', { ...asFast, speed: 10 }, [0, 40, 60, 6_000, 0, 20]],
    ['a thousand times as fast', { ...asFast, speed: 1_000 }, [0, 0.4, 0.6, 60, 0, 0.2]],
    ['without the idle time', { speed: 1, idleMaxMs: 500 }, [0, 400, 500, 500, 0, 200]],
    ['faster, without the idle time', { speed: 10, idleMaxMs: 50 }, [0, 40, 50, 50, 0, 20]],
  ])('%s', async (_name, pace, waits) => {
    const { clock, frames, played } = await play(await storyLog(), { pace });

    await clock.advance(100_000);

    expect(await played).toEqual({ end: 'over' });
    expect(frames.map(({ waitedMs }) => waitedMs)).toEqual(waits);
    const sums = waits.map((_, index) => waits.slice(0, index + 1).reduce((sum, ms) => sum + ms));
    for (const [index, { atMonoMs }] of frames.entries()) {
      expect(atMonoMs).toBeCloseTo(sums[index]!, 6);
    }
  });

  test('are as long with a clock that ticks meanwhile', async () => {
    let ticks = 0;
    const { clock, frames, playback } = await play(await storyLog(), {
      ...{ tickMs: 250, onChange: () => (ticks += 1) },
    });

    await clock.advance(31_000);

    expect(frames).toHaveLength(3);
    expect(playback.state().nowMs).toBe(storyAtMs + 31_000);
    expect(ticks).toBeGreaterThan(100);
    await clock.advance(30_000);
    expect(frames[3]?.atMonoMs).toBeCloseTo(61_000, 6);
  });

  test('make up for a timer that was late, and not for a suspension', async () => {
    const { clock, frames } = await play(await storyLog());

    await clock.suspend(700);
    expect(frames.map(({ waitedMs }) => waitedMs)).toEqual([0, 400]);
    await clock.advance(300);
    expect(frames.map(({ atMonoMs }) => atMonoMs)).toEqual([0, 700, 1_000]);

    await clock.suspend(90_000);
    expect(frames.slice(3).map(({ waitedMs }) => waitedMs)).toEqual([60_000, 0, 0]);
  });
});

describe('until', async () => {
  const log = await simulatedLog(eventful);
  const events = (await log.readAll()).map(codec.decode);

  test.each(turningPoints)('the first %s, and says so', async (kind) => {
    const first = events.find((event) => turningPointsOf(event).includes(kind));
    const { frames, played } = await play(log, {
      ...{ until: [kind], pace: { speed: 1, idleMaxMs: 0 } },
    });

    expect(await played).toMatchObject({
      ...{ end: 'turning_point', at: kind, frame: { position: first?.position } },
    });
    expect(frames.at(-1)?.position).toBe(first?.position);
    expect(frames).toHaveLength(first?.position ?? -1);
  });

  test('a person steps in, which making tasks is not', async () => {
    const { played } = await play(await storyLog(), {
      ...{ until: ['human'], pace: { speed: 1, idleMaxMs: 0 } },
    });

    expect(await played).toMatchObject({
      end: 'turning_point',
      at: 'human',
      frame: { position: 2 },
    });
  });

  test('the end, when there is no such event', async () => {
    const { played } = await play(await storyLog(), {
      ...{ until: ['refused'], pace: { speed: 1, idleMaxMs: 0 } },
    });

    expect(await played).toEqual({ end: 'over' });
  });

  test('somebody goes on, when he watches', async () => {
    const { playback, clock, frames } = await play(await storyLog(), {
      ...{ until: ['human'], isWatched: true },
    });
    await clock.advance(1_000_000);
    expect(playback.state()).toMatchObject({ isPaused: true, stoppedAt: 'human' });
    expect(frames).toHaveLength(2);

    playback.togglePause();
    expect(playback.state().stoppedAt).toBeUndefined();
    await clock.advance(600);
    expect(playback.state()).toMatchObject({ isPaused: true, stoppedAt: 'human' });
    expect(frames).toHaveLength(3);
  });
});

describe('whoever watches', () => {
  test('pauses in the middle of a wait, and waits for the rest of it later', async () => {
    const { clock, playback, frames } = await play(await storyLog(), { isWatched: true });
    await clock.advance(300);

    playback.togglePause();
    await clock.advance(5_000);
    expect(frames).toHaveLength(1);
    playback.togglePause();
    await clock.advance(99);
    expect(frames).toHaveLength(1);
    await clock.advance(1);
    expect(frames).toHaveLength(2);
  });

  test('steps on and back', async () => {
    const { clock, playback, frames } = await play(await storyLog(), { isWatched: true });
    for (let times = 0; times < 3; times += 1) {
      playback.stepOn();
      await clock.settle();
    }
    expect(frames.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
    expect(playback.state()).toMatchObject({ isPaused: true, frame: { position: 4 } });

    playback.stepBack();
    await clock.settle();
    expect(playback.state().frame?.position).toBe(3);
    playback.stepOn();
    await clock.settle();
    expect(playback.state().frame?.position).toBe(4);
  });

  test('steps back no further than before the first event', async () => {
    const { clock, playback } = await play(await storyLog(), { isWatched: true });
    for (let times = 0; times < 3; times += 1) {
      playback.stepBack();
      await clock.settle();
    }
    expect(playback.state().frame).toBeUndefined();
    playback.stepOn();
    await clock.settle();
    expect(playback.state().frame?.position).toBe(1);
  });

  test('changes the speed in the middle of a wait', async () => {
    const { clock, playback, frames } = await play(await storyLog(), { isWatched: true });
    await clock.advance(200);
    playback.faster();

    expect(playback.state().pace.speed).toBe(2);
    await clock.advance(100);
    expect(frames.at(-1)).toMatchObject({ position: 2, atMonoMs: 300 });
    for (let times = 0; times < 20; times += 1) playback.faster();
    expect(playback.state().pace.speed).toBe(1_000);
    for (let times = 0; times < 20; times += 1) playback.slower();
    expect(playback.state().pace.speed).toBe(1);
  });

  test('stays after the last event until he quits', async () => {
    const { clock, playback, played } = await play(await storyLog(), { isWatched: true });
    await clock.advance(1_000_000);
    expect(playback.state()).toMatchObject({ isOver: true, frame: { position: story.length } });

    playback.quit();
    expect(await played).toEqual({ end: 'quit' });
  });
});
