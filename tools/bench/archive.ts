/** Archiving: how fast events move into segment files, their size, and reading them from there. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pagesOf } from '../../src/log/pages.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { archiveLog } from '../../src/main/archive.ts';
import { openLog } from '../disk/open-log.ts';
import { eventsPerLife, writeLives } from './history.ts';
import { type Benchmark, median, monotonicMs, type Row, rate, whole } from './measure.ts';
import { caller, ids } from './parts.ts';

const eventCount = 200_000;
const perSecondMin = 5_000;
/** Reading from segments may take no longer than reading the log itself, and some. */
const readRatioMin = 0.7;

/** Archives a log, and reads it before and after. */
export const archiveBenchmark: Benchmark = {
  name: 'archive',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const moved: number[] = [];
    const ratios: number[] = [];
    let bytes = 0;
    let logBytes = 0;
    for (let round = 0; round < rounds; round += 1) {
      const place = join(directory, `${round}`);
      const log = await openLog(place);
      await writeLives(log, eventCount / eventsPerLife);
      const before = await best(() => reading(log));
      const startedMs = monotonicMs();
      const { events, segments } = await archive(log);
      moved.push((events * 1_000) / (monotonicMs() - startedMs));
      const after = await best(() => reading(log));
      ratios.push(after / before);
      bytes = segments.reduce((sum, segment) => sum + (segment.bytes ?? 0), 0);
      await log.close();
      logBytes = statSync(join(place, 'log.db')).size;
      say(`${whole(moved.at(-1)!)} moved/s; read ${whole(before)}/s, then ${whole(after)}/s`);
    }
    const [perSecond, ratio] = [median(moved), median(ratios)];
    const figures = { events: eventCount, bytes, logBytes };
    return [
      {
        what: `archive ${whole(eventCount)} events, ${whole(bytes / 1024 ** 2)} MiB of segments`,
        measured: `${whole(perSecond)} moved/s`,
        target: `>= ${whole(perSecondMin)}/s`,
        isMet: perSecond >= perSecondMin,
        figures: { ...figures, perSecond },
      },
      {
        what: 'reading from segments, beside the log itself',
        measured: `${ratio.toFixed(2)} ×`,
        target: `>= ${readRatioMin} ×`,
        isMet: ratio >= readRatioMin,
        figures: { ...figures, ratio },
      },
    ];
  },
};

function archive(log: SqliteLog): ReturnType<typeof archiveLog> {
  const nowMs = Number.MAX_SAFE_INTEGER;
  const wanted = { endedBeforeMs: nowMs, dryRun: false, caller, nowMs };
  return archiveLog(log, wanted, ids.commandId, () => {});
}

/** Events read in pages, per second. */
function reading(log: SqliteLog): Promise<number> {
  return rate(eventCount, async () => {
    for await (const _ of pagesOf(log, { pageSize: 1_000 }));
  });
}

/** The best of three: others may be using the machine. */
async function best(measure: () => Promise<number>): Promise<number> {
  let found = 0;
  for (let round = 0; round < 3; round += 1) found = Math.max(found, await measure());
  return found;
}
