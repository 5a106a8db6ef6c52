/** A long stretch of a log is folded without holding much of it. */
import { expect, test } from 'vitest';
import type { Fold } from '../../projections/fold.ts';
import { foldInBulk } from '../../projections/fold-in-bulk.ts';
import { codec } from '../../src/log/codec.ts';
import type { StoredEvent } from '../../src/log/event-log.ts';

/** After how many events rows were written, of so many whose payload has so many characters. */
function flushesOf(count: number, chars: number): number[] {
  const flushes: number[] = [];
  let folded = 0;
  const fold: Fold = {
    fold: () => {
      folded += 1;
    },
    flush: () => void flushes.push(folded),
    forget: () => {},
  };
  const take = foldInBulk(fold, codec);
  const data = JSON.stringify({ body: 'x'.repeat(chars) });
  const place = { id: 'x', stream: 'note-x', version: 0, position: 1, recordedAtMs: 0 };
  const stored: StoredEvent = {
    ...place,
    type: 'CommentAdded',
    schemaVersion: 1,
    data,
    meta: '{}',
  };
  for (let event = 0; event < count; event += 1) take(stored);
  return flushes;
}

test('rows are written every 10,000 events', () => {
  expect(flushesOf(25_000, 10)).toEqual([10_000, 20_000]);
});

test('rows are written after 16 Mi characters of long texts', () => {
  expect(flushesOf(40, 1_048_576)).toEqual([16, 32]);
});
