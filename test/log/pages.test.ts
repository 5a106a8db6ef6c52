/** Going through a log page by page holds little of it at a time, however long its texts are. */
import { expect, test } from 'vitest';
import type { EventLog, StoredEvent } from '../../src/log/event-log.ts';
import { followPages } from '../../src/log/follow.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { pagesBefore, pagesOf } from '../../src/log/pages.ts';
import { anEvent, appended, everything, write } from './an-event.ts';
import { realPorts } from './real-ports.ts';

const [events, chars] = [40, 1_048_576];

async function aLogOfLongTexts(): Promise<EventLog> {
  const log = createMemoryLog({ clock: realPorts.clock, epoch: realPorts.newEpoch() });
  const data = JSON.stringify('x'.repeat(chars));
  const long = Array.from({ length: events }, () => anEvent({ data }));
  await appended(log, { stream: 'long', expected: 'no_stream', events: long });
  return log;
}

const lengths = (pages: readonly (readonly StoredEvent[])[]) => pages.map(({ length }) => length);

test('pages of long texts are short, and hold every event once', async () => {
  const log = await aLogOfLongTexts();
  const pages: (readonly StoredEvent[])[] = [];
  for await (const page of pagesOf(log)) pages.push(page);
  expect(lengths(pages)).toEqual([16, 16, 8]);
  expect(pages.flat()).toEqual(await everything(log));
});

test('who follows the log gets them in short pages, too', async () => {
  const log = await aLogOfLongTexts();
  const pages: (readonly StoredEvent[])[] = [];
  const stopped = new AbortController();
  for await (const page of followPages(log, { ...realPorts, signal: stopped.signal })) {
    pages.push(page);
    if (pages.flat().length === events) stopped.abort();
  }
  expect(lengths(pages)).toEqual([16, 16, 8]);
});

test('a log is gone through backwards, too, a hundred events at a time', async () => {
  const log = createMemoryLog({ clock: realPorts.clock, epoch: realPorts.newEpoch() });
  await appended(log, write('short', 'no_stream', 250));
  const pages: (readonly StoredEvent[])[] = [];
  for await (const page of pagesBefore(log, 231)) pages.push(page);
  expect(lengths(pages)).toEqual([100, 100, 30]);
  expect(pages.flat().toReversed()).toEqual((await everything(log)).slice(0, 230));
});
