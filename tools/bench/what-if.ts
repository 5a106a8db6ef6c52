/** Judging a hundred thousand runs by a hundred policies, from the log to the answer. */
import { whatIf } from '../../src/app/what-if.ts';
import { systemClock } from '../../src/host/clock.ts';
import { openLog } from '../disk/open-log.ts';
import { type Benchmark, median, monotonicMs, type Row, whole } from './measure.ts';
import { writeSilentLives } from './silent-lives.ts';

const runCount = 100_000;
const lease = Array.from({ length: 10 }, (_, step) => 30_000 * 1.5 ** step);
const grace = Array.from({ length: 10 }, (_, step) => 12_000 * step);

/** Time and memory of one question. */
export const whatIfBenchmark: Benchmark = {
  name: 'what-if',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    say(`writing ${whole(runCount)} runs`);
    const log = await openLog(directory);
    const nowMs = systemClock.nowMs();
    await writeSilentLives(log, { count: runCount, untilMs: nowMs, seed: 1 });
    const axes = [
      { key: 'claimTtlMs', values: lease },
      { key: 'crashGraceMs', values: grace },
    ] as const;
    const took: { readMs: number; judgeMs: number; peakMiB: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedMs = monotonicMs();
      let readMs = 0;
      let policies = 0;
      let peakBytes = 0;
      await whatIf({ log, nowMs: () => nowMs }, { axes }, (stage, { done, total }) => {
        peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
        if (stage === 'judging' && done === 0) readMs = monotonicMs() - startedMs;
        if (stage === 'judging') policies = total;
      });
      const judgeMs = monotonicMs() - startedMs - readMs;
      took.push({ readMs, judgeMs, peakMiB: peakBytes / 2 ** 20 });
      say(`${whole(readMs)} ms reading, ${whole(judgeMs)} ms for ${policies} policies`);
    }
    await log.close();
    const readMs = median(took.map((each) => each.readMs));
    const judgeMs = median(took.map((each) => each.judgeMs));
    const peakMiB = median(took.map((each) => each.peakMiB));
    const seconds = (readMs + judgeMs) / 1_000;
    return [
      {
        what: `what-if over ${whole(runCount)} runs × 100 policies`,
        measured: `${seconds.toFixed(1)} s, ${whole(peakMiB)} MiB`,
        target: '< 20 s, < 400 MiB',
        isMet: seconds < 20 && peakMiB < 400,
        figures: { readMs, judgeMs, peakMiB },
      },
    ];
  },
};
