/** The past in the page: any board by folding a little, and a clock that plays it. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { TurningPoint } from '../../../src/domain/turning-point.ts';
import { codec } from '../../../src/log/codec.ts';
import { type BoardFold, createBoardFold } from '../../../src/web/state/board-fold.ts';
import { busyness, type Chronicle, createChronicle } from '../../../src/web/state/chronicle.ts';
import type { LoggedEvent } from '../../../src/web/state/logged.ts';
import { blockBefore, blockSize, createPastReel } from '../../../src/web/state/past-reel.ts';
import { playOn } from '../../../src/web/state/player.ts';
import type { Snapshot } from '../../../src/web/state/snapshot.ts';
import { shareOf, timeMarks } from '../../../src/web/state/time-marks.ts';
import { eventful, simulatedLog } from '../../kit/simulated-log.ts';

let events: readonly LoggedEvent[] = [];
beforeAll(async () => {
  const log = await simulatedLog(eventful);
  const stored = await log.readAll();
  events = stored.map((one) =>
    Object.assign(codec.decode(one), { recordedAtMs: one.recordedAtMs }),
  );
}, 120_000);

/** The board as the first event left it: the page gets it from the server. */
function founded(): Snapshot {
  const board = { name: 'b', epoch: 'e', createdAtMs: 0, isPaused: false, policy: null };
  return { position: 1, board, tasks: [], runs: [], dispatchers: [] };
}

function foldedTo(position: number): BoardFold {
  const fold = createBoardFold(founded());
  for (const event of events.slice(0, position)) fold.fold(event);
  return fold;
}

describe('a reel', () => {
  test('shows the board of any position, wherever it stood before', () => {
    const reel = createPastReel();
    const last = events.length;
    const step = Math.max(1, Math.floor(last / 7));
    const there = Array.from({ length: 7 }, (_, index) => 1 + index * step);
    const walk = [...there, ...there.toReversed(), last, last - 1, last - 2, 1, 2];
    for (const position of walk) {
      supply(reel, position);
      const frame = reel.seek(position);
      expect(frame?.fold.snapshot(), `position ${position}`).toEqual(foldedTo(position).snapshot());
      expect(frame?.atMs).toBe(position === 1 ? 0 : events[position - 1]?.recordedAtMs);
    }
  });

  test('says what is missing, and shows nothing in its place', () => {
    const reel = createPastReel();
    expect(reel.missing(5)).toBe('keyframe');
    reel.keep({ snapshot: founded(), atMs: 0 });
    expect(reel.missing(5)).toBe('events');
    expect(reel.seek(5)).toBeUndefined();
    reel.takeBlock(0, { events: events.slice(0, 4), upTo: 4 });
    expect(reel.missing(5)).toBe('events');
    reel.takeBlock(0, { events: events.slice(0, blockSize), upTo: blockSize });
    expect(reel.missing(5)).toBe('nothing');
  });

  test('keeps all that a slider reaches: a step waits for nothing that was read', () => {
    const reel = createPastReel();
    const last = 200_000;
    for (let after = 0; after < last; after += blockSize) {
      reel.keep({ snapshot: { ...founded(), position: Math.max(1, after) }, atMs: 0 });
      reel.takeBlock(after, { events: [], upTo: after + blockSize });
    }
    const there = [2, 999, 54_321, 123_456, last];
    expect(there.map(reel.missing)).toEqual(there.map(() => 'nothing'));
  });

  test('leaves out no event of a log in which some are missing', () => {
    const isThere = ({ position }: LoggedEvent) => position % 7 > 2;
    const some = events.slice(1, blockSize).filter(isThere);
    const reel = createPastReel();
    reel.keep({ snapshot: founded(), atMs: 0 });
    reel.takeBlock(0, { events: some, upTo: blockSize });
    for (const position of [300, 301, 295, 296, 700, 701, 999, blockSize]) {
      const fold = createBoardFold(founded());
      for (const event of some) if (event.position <= position) fold.fold(event);
      expect(reel.seek(position)?.fold.snapshot(), `${position}`).toEqual(fold.snapshot());
    }
  });
});

/** What the page fetches before it can show a position. */
function supply(reel: ReturnType<typeof createPastReel>, position: number): void {
  const before = blockBefore(position);
  if (reel.missing(position) === 'keyframe') {
    const fold = foldedTo(Math.max(1, before));
    reel.keep({ snapshot: fold.snapshot(), atMs: 0 });
  }
  if (reel.missing(position) === 'events') {
    const block = events.slice(before, before + blockSize);
    reel.takeBlock(before, { events: block, upTo: block.at(-1)?.position ?? before });
  }
}

describe('playing', () => {
  const slow = { speed: 10, idleMaxMs: Number.POSITIVE_INFINITY, stopAt: [] };

  test('goes as fast as it is told, between events too', () => {
    const chronicle = chronicleAt([0, 1_000, 5_000]);
    const from = { position: 1, nowMs: 0 };
    expect(playOn(chronicle, from, 50, { ...slow, last: 3 })).toMatchObject({
      position: 1,
      nowMs: 500,
    });
    expect(playOn(chronicle, from, 300, { ...slow, last: 3 })).toMatchObject({
      position: 2,
      nowMs: 3_000,
    });
  });

  test('waits no longer than an idle time may last, and never runs ahead', () => {
    const chronicle = chronicleAt([0, 3_600_000, 3_601_000]);
    const pace = { ...slow, idleMaxMs: 400, last: 3 };
    const before = playOn(chronicle, { position: 1, nowMs: 0 }, 399, pace);
    expect(before).toMatchObject({ position: 1, nowMs: 3_600_000 - 10 });
    expect(playOn(chronicle, before, 2, pace)).toMatchObject({ position: 2, nowMs: 3_600_010 });
  });

  test.each([
    ['reclaim', ['reclaim'], 3],
    ['refused', ['refused'], 4],
    ['reclaim', ['reclaim', 'refused'], 3],
  ] as const)('stops at the next %s of %s', (kind, stopAt, position) => {
    const chronicle = chronicleAt([0, 1, 2, 3, 4], { 3: 'RunReclaimed', 4: 'WriteRefused' });
    const played = playOn(chronicle, { position: 1, nowMs: 0 }, 1_000, {
      ...slow,
      stopAt: stopAt as readonly TurningPoint[],
      last: 5,
    });
    expect(played).toMatchObject({ position, stopped: kind });
  });

  test('ends where the log ends', () => {
    const played = playOn(chronicleAt([0, 1]), { position: 1, nowMs: 0 }, 1_000, {
      ...slow,
      last: 2,
    });
    expect(played).toMatchObject({ position: 2, stopped: 'end' });
  });
});

describe('a chronicle', () => {
  test('finds the position of a moment, also after the clock went back', () => {
    const chronicle = chronicleAt([100, 200, 150, 300]);
    expect([50, 100, 199, 200, 299, 300, 900].map(chronicle.positionAt)).toEqual([
      1, 1, 1, 3, 3, 4, 4,
    ]);
    expect(chronicle.atMs(3)).toBe(200);
  });

  test('is busy where much happens in little time, and unknown where it was not read', () => {
    const chronicle = chronicleAt([0, 10, 20, 30, 40, 3_600_040, 3_600_050]);
    const stretches = busyness(chronicle, 9, 240);
    expect(stretches.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 8 }, (_, index) => [index + 1, index + 2]),
    );
    const [calm, night] = [stretches[0]?.busy ?? 0, stretches[4]?.busy ?? 0];
    expect(calm).toBe(1);
    expect(night).toBeGreaterThan(0);
    expect(night).toBeLessThan(0.2);
    expect(stretches.slice(6).map(({ busy }) => busy)).toEqual([0, 0]);
  });

  test('says what the clock was where the slider is divided', () => {
    const hour = 3_600_000;
    const chronicle = chronicleAt([0, 1, 2, 30, 31].map((hours) => hours * hour));
    const marks = timeMarks(chronicle, 9, 4);
    expect(marks.map(({ share }) => share)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const days = marks.map(({ words }) => /^(?:(\d+ \w+) )?\d\d:\d\d:\d\d$/.exec(words)?.[1]);
    expect(days).toEqual(['1 Jan', undefined, '2 Jan', undefined, undefined]);
    expect(marks.map(({ words }) => words === '')).toEqual([false, false, false, true, true]);
    expect([1, 3, 9].map((position) => shareOf(position, 1, 9))).toEqual([0, 0.25, 1]);
  });

  test('goes on after positions at which nothing stands', () => {
    const chronicle = createChronicle(1);
    for (const [position, recordedAtMs] of [
      [1, 100],
      [5, 200],
    ] as const) {
      chronicle.add({ ...events[0], position, recordedAtMs } as LoggedEvent);
    }
    expect([1, 2, 4, 5].map(chronicle.atMs)).toEqual([100, 100, 100, 200]);
    expect(chronicle.last()).toBe(5);
  });
});

/** Events recorded at these moments, of a type that means nothing here unless one is given. */
function chronicleAt(
  moments: readonly number[],
  types: Readonly<Record<number, LoggedEvent['type']>> = {},
): Chronicle {
  const chronicle = createChronicle(1);
  moments.forEach((recordedAtMs, index) => {
    const position = index + 1;
    const meta = { actor: { kind: 'dispatcher', id: 'd' } };
    const type = types[position] ?? 'HeartbeatRecorded';
    chronicle.add({ position, recordedAtMs, type, meta } as LoggedEvent);
  });
  return chronicle;
}
