/** Verifying a million events: chain, invariants and tables, the way the program does it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openLog } from '../disk/open-log.ts';
import { eventsPerLife, writeLives } from './history.ts';
import { type Benchmark, median, type Row, whole } from './measure.ts';
import { openBenchBoard } from './parts.ts';

const eventCount = 1_000_000;
const perSecondMin = 150_000;
const childPath = fileURLToPath(new URL('./verify-process.js', import.meta.url));

interface Outcome {
  readonly tookMs: number;
  readonly logMs: number;
  readonly peakMiB: number;
}

/** How fast a board is verified, and how fast its log alone. */
export const verifyBenchmark: Benchmark = {
  name: 'verify',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    say(`writing ${whole(eventCount)} events and their tables`);
    const log = await openLog(directory);
    await writeLives(log, eventCount / eventsPerLife);
    await log.close();
    const board = await openBenchBoard(directory);
    await board.close();
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const outcome = verify(directory);
      outcomes.push(outcome);
      const [all, logOnly] = [outcome.tookMs, outcome.logMs].map((ms) => (ms / 1_000).toFixed(1));
      say(`${all} s, the log after ${logOnly} s, ${whole(outcome.peakMiB)} MiB`);
    }
    const peakMiB = median(outcomes.map((outcome) => outcome.peakMiB));
    const figures = { peakMiB, events: eventCount };
    return [
      row(
        'chain, invariants and tables',
        outcomes.map(({ tookMs }) => tookMs),
        figures,
      ),
      row(
        'chain and invariants, tables beside',
        outcomes.map(({ logMs }) => logMs),
        figures,
      ),
    ];
  },
};

function row(what: string, allMs: readonly number[], figures: Record<string, number>): Row {
  const tookMs = median(allMs);
  const perSecond = (eventCount * 1_000) / tookMs;
  return {
    what: `verify ${whole(eventCount)} events: ${what}`,
    measured: `${whole(perSecond)}/s`,
    target: `>= ${whole(perSecondMin)}/s`,
    isMet: perSecond >= perSecondMin,
    figures: { ...figures, tookMs, perSecond },
  };
}

function verify(directory: string): Outcome {
  const result = spawnSync(process.execPath, [childPath, directory], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as Outcome;
}
