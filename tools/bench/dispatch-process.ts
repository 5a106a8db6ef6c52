/**
 * A dispatcher in a process of its own: tells what it starts, and how long its loop stood still.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startFleet } from './fleet.ts';
import { loopDelayOf, loopResolutionMs } from './loop-delay.ts';
import { monotonicMs } from './measure.ts';

const [directory = '', count = '0', maxRunning = '1'] = process.argv.slice(2);
const spawnedAtMs: number[] = [];
const delay = monitorEventLoopDelay({ resolution: loopResolutionMs });
let finished = () => {};
const all = new Promise<void>((resolve) => {
  finished = resolve;
});

const fleet = await startFleet(directory, {
  maxRunning: Number(maxRunning),
  report: (what) => {
    if (what !== 'spawned') return;
    if (spawnedAtMs.length === 0) delay.enable();
    if (spawnedAtMs.push(monotonicMs()) === Number(count)) finished();
  },
});
await all;
delay.disable();
const tookMs = (spawnedAtMs.at(-1) ?? 0) - (spawnedAtMs[0] ?? 0);
const outcome = {
  perSecond: ((spawnedAtMs.length - 1) * 1_000) / tookMs,
  ...loopDelayOf(delay),
  rssMiB: process.memoryUsage().rss / 2 ** 20,
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
await fleet.stop();
