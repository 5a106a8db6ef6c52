/** The times of beats that are gone: asked for by position, whatever the pages are. */
import { expect, test } from 'vitest';
import type { StoredEvent } from '../../src/log/event-log.ts';
import { packBeats } from '../../src/log/thinned-beats.ts';
import { readThinnedTimes } from '../../src/log/thinned-times.ts';

function told(version: number, from: number, beats: string): StoredEvent {
  const data = { from, upTo: from + 99, removed: 1, digest: '0'.repeat(64), beats };
  const place = { stream: 'board', version, position: 1_000 + version, recordedAtMs: 0 };
  const event = { id: `${version}`, type: 'LogThinned', schemaVersion: 1, meta: '{}' };
  return { ...place, ...event, data: JSON.stringify(data) };
}

function beats(runId: string, positions: readonly number[]): string {
  const each = positions.map((position) => {
    return { position, version: position, atMs: position * 1_000, coalesced: 0 };
  });
  return packBeats([{ runId, beats: each }]);
}

async function timesOf(...events: readonly StoredEvent[]) {
  return readThinnedTimes({
    readStream: async (_, options) => events.slice(options?.from ?? 0, (options?.from ?? 0) + 2),
  });
}

test('beats of all thinnings of a range are told in the order in which they stood', async () => {
  const [early, late] = [beats('R-1', [3, 7, 99]), beats('R-2', [2, 5])];
  const times = await timesOf(
    told(0, 1, early),
    told(1, 101, beats('R-1', [102])),
    told(2, 1, late),
  );
  const positions = (after: number, upTo: number) =>
    times.between(after, upTo).map(({ runId, position }) => `${runId} ${position}`);

  expect(positions(0, 100)).toEqual(['R-2 2', 'R-1 3', 'R-2 5', 'R-1 7', 'R-1 99']);
  expect(positions(3, 7)).toEqual(['R-2 5', 'R-1 7']);
  expect(positions(7, 102)).toEqual(['R-1 99', 'R-1 102']);
  expect(positions(102, 1_000)).toEqual([]);
});

test('times that cannot be unpacked are as if they were not there', async () => {
  const times = await timesOf(told(0, 1, 'bm90IGJlYXRz'), told(1, 1, beats('R-1', [4])));

  expect(times.between(0, 100)).toMatchObject([{ runId: 'R-1', position: 4, atMs: 4_000 }]);
});
