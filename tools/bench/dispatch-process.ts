/**
 * A dispatcher in a process of its own: tells what it starts, and how long its loop stood still.
 */
import { startFleet } from './fleet.ts';
import { watchLoop } from './loop-delay.ts';
import { monotonicMs } from './measure.ts';

const [directory = '', count = '0', maxRunning = '1'] = process.argv.slice(2);
const spawnedAtMs: number[] = [];
const loop = watchLoop();
let finished = () => {};
const all = new Promise<void>((resolve) => {
  finished = resolve;
});

const fleet = await startFleet(directory, {
  maxRunning: Number(maxRunning),
  report: (what) => {
    if (what !== 'spawned') return;
    if (spawnedAtMs.length === 0) loop.restart();
    if (spawnedAtMs.push(monotonicMs()) === Number(count)) finished();
  },
});
await all;
const delay = loop.stop();
const tookMs = (spawnedAtMs.at(-1) ?? 0) - (spawnedAtMs[0] ?? 0);
const outcome = {
  perSecond: ((spawnedAtMs.length - 1) * 1_000) / tookMs,
  ...delay,
  rssMiB: process.memoryUsage().rss / 2 ** 20,
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
await fleet.stop();
