/** A thinned log with its beats put back reads like the log did before. */
import { expect, test } from 'vitest';
import type { EventLog, StoredEvent } from '../../src/log/event-log.ts';
import { restoredLog, unthinnedLog } from '../../src/log/restored.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { readThinnedTimes } from '../../src/log/thinned-times.ts';
import { beganAtMs, idsOf, writeBeatingRuns } from '../kit/beating-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { thinAll } from '../kit/thin-log.ts';
import { openLog } from './sqlite/open-for-test.ts';

const longAfterMs = beganAtMs + 10 * 365 * 24 * 3_600_000;
const runs = 3;
const streams = Array.from({ length: runs }, (_, run) => `run-${idsOf(run).runId}`);

/** What can be known again of an event. */
const known = ({ stream, version, position, type, data, meta }: StoredEvent) => {
  return { stream, version, position, type, data, at: JSON.parse(meta).at };
};

/** Pages of all kinds, of what stood in the log up to `end`. */
async function readings(log: EventLog, end: number) {
  const directions = ['forward', 'backward'] as const;
  const places = [undefined, 1, 3, 40, 41, 77, 120, end + 1];
  const ways = directions.flatMap((direction) =>
    [1, 7, 1_000].flatMap((limit) => places.map((place) => ({ direction, limit, place }))),
  );
  const pages = await Promise.all(
    ways.flatMap(({ place, ...way }) => [
      // Backwards from the end, a log that was thinned since begins with what says so.
      log.readAll({ ...way, after: place ?? (way.direction === 'backward' ? end + 1 : 0) }),
      ...streams.map((stream) =>
        log.readStream(stream, place === undefined ? way : { ...way, from: place }),
      ),
    ]),
  );
  return pages.map((page) => page.filter(({ position }) => position <= end).map(known));
}

async function aLog(): Promise<SqliteLog> {
  const log = await openLog(tempDir());
  await writeBeatingRuns(log, { runs, beats: 60, isOpen: (run) => run === 2 });
  return log;
}

test('every page is the same, and no beat comes twice', async () => {
  const log = await aLog();
  const { position: end } = await log.head();
  const before = await readings(log, end);
  expect(await thinAll(log, longAfterMs)).toBeGreaterThan(100);
  expect(await readings(log, end)).not.toEqual(before);
  const restored = await unthinnedLog(log);
  expect(await readings(restored, end)).toEqual(before);
  expect(await readings(await unthinnedLog(restored), end)).toEqual(before);
});

test('beats that were gone by then are not put back', async () => {
  const log = await aLog();
  await thinAll(log, longAfterMs);
  const { position } = await log.head();
  const then = await readings(log, position);
  const restored = restoredLog(log, await readThinnedTimes(log), position);
  expect(await readings(restored, position)).toEqual(then);
});

test('the hash at a beat that is gone is the one of the event before', async () => {
  const log = await aLog();
  await thinAll(log, longAfterMs);
  const kept = await log.readAll();
  const gone = kept.find(({ position }, index) => kept[index + 1]?.position !== position + 1)!;
  const restored = await unthinnedLog(log);
  expect(await log.hashAt(gone.position + 1)).toBeUndefined();
  expect(await restored.hashAt(gone.position + 1)).toBe(await log.hashAt(gone.position));
  const { position: end } = await log.head();
  expect(await restored.hashAt(end + 1)).toBeUndefined();
});
