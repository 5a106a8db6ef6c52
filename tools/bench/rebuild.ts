/** Folding a million events into all tables, from an empty directory. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLog } from '../disk/open-log.ts';
import { eventsPerLife, writeLives } from './history.ts';
import { type Benchmark, median, type Row, whole } from './measure.ts';

const eventCount = 1_000_000;
const childPath = fileURLToPath(new URL('./rebuild-process.js', import.meta.url));

interface Outcome {
  readonly tookMs: number;
  readonly peakMiB: number;
  readonly position: number;
}

/** Time and memory of a rebuild. */
export const rebuildBenchmark: Benchmark = {
  name: 'rebuild',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    say(`writing ${whole(eventCount)} events`);
    const log = await openLog(directory);
    await writeLives(log, eventCount / eventsPerLife);
    await log.close();
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const outcome = rebuild(directory, join(directory, `tables-${round}`));
      outcomes.push(outcome);
      say(`${(outcome.tookMs / 1_000).toFixed(1)} s, ${whole(outcome.peakMiB)} MiB`);
    }
    const tookMs = median(outcomes.map((outcome) => outcome.tookMs));
    const peakMiB = median(outcomes.map((outcome) => outcome.peakMiB));
    return [
      {
        what: `rebuild of ${whole(eventCount)} events`,
        measured: `${(tookMs / 1_000).toFixed(1)} s, ${whole(peakMiB)} MiB`,
        target: '< 12 s, < 300 MiB',
        isMet: tookMs < 12_000 && peakMiB < 300,
        figures: { tookMs, peakMiB, perSecond: (eventCount * 1_000) / tookMs },
      },
    ];
  },
};

function rebuild(directory: string, tables: string): Outcome {
  mkdirSync(tables);
  const result = spawnSync(process.execPath, [childPath, directory, tables], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as Outcome;
}
