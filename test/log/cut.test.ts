/** A log cut at a position reads like the log did when that event had just been stored. */
import { expect, test } from 'vitest';
import { cutLog } from '../../src/log/cut.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { anEvent } from './an-event.ts';

const streams = ['note-1', 'note-2', 'note-3'];
const emptyLog = () => createMemoryLog({ clock: { nowMs: () => 0 }, epoch: 'epoch-1' });

/** Two logs of the same events: one whole, one that ends at `end`. */
async function twoLogs(end: number) {
  const [whole, short] = [emptyLog(), emptyLog()];
  for (let position = 1; position <= 30; position += 1) {
    const stream = streams[(position * position) % streams.length]!;
    const writes = [{ stream, expected: 'any' as const, events: [anEvent()] }];
    await whole.append(writes);
    if (position <= end) await short.append(writes);
  }
  return { cut: cutLog(whole, end), short };
}

function readings(log: EventLog) {
  const directions = ['forward', 'backward'] as const;
  const limits = [1, 4, 100];
  const places = [undefined, 0, 3, 9, 17, 25, 40];
  const ways = directions.flatMap((direction) =>
    limits.flatMap((limit) => places.map((place) => ({ direction, limit, place }))),
  );
  return Promise.all(
    ways.flatMap(({ place, ...way }) => [
      log.readAll(place === undefined ? way : { ...way, after: place }),
      ...streams.map((stream) =>
        log.readStream(stream, place === undefined ? way : { ...way, from: place }),
      ),
    ]),
  );
}

test.each([1, 2, 13, 29, 30])('every page up to position %i is the same', async (end) => {
  const { cut, short } = await twoLogs(end);
  expect(await readings(cut)).toEqual(await readings(short));
  expect(await cut.head()).toEqual(await short.head());
  expect(await cut.hashAt(end)).toBe(await short.hashAt(end));
  expect(await cut.hashAt(end + 1)).toBeUndefined();
});

test('nothing can be appended to it', async () => {
  const { cut } = await twoLogs(7);
  const append = cut.append([{ stream: 'note-1', expected: 'any', events: [anEvent()] }]);
  await expect(append).rejects.toMatchObject({ code: 'past_is_read_only', retryable: false });
  expect(cut.writingRefused()).toMatchObject({ code: 'past_is_read_only' });
});

test('once closed it is closed, and the whole log is not', async () => {
  const whole = emptyLog();
  await whole.append([{ stream: 'note-1', expected: 'any', events: [anEvent()] }]);
  const cut = cutLog(whole, 1);
  await cut.close();
  await expect(cut.readAll()).rejects.toMatchObject({ code: 'log_closed' });
  expect(await whole.readAll()).toHaveLength(1);
});
