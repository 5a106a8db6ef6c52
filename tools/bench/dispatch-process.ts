/**
 * A dispatcher in a process of its own: tells what it starts, and how long its loop stood still.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startFleet } from './fleet.ts';
import { monotonicMs } from './measure.ts';

const [directory = '', count = '0', maxRunning = '1'] = process.argv.slice(2);
/** Resolution of the delay's histogram, in ms. */
const resolutionMs = 1;
const spawnedAtMs: number[] = [];
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
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
  // The histogram counts from one timer to the next, its own resolution included.
  maxMs: delay.max / 1e6 - resolutionMs,
  p99Ms: delay.percentile(99) / 1e6 - resolutionMs,
  rssMiB: process.memoryUsage().rss / 2 ** 20,
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
await fleet.stop();
