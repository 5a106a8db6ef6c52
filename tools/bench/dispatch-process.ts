/**
 * A dispatcher in a process of its own: tells what it starts, and how long its loop stood still;
 * for the first ones, which are its warm-up, and for as many after them.
 */
import { startFleet } from './fleet.ts';
import { type LoopDelay, watchLoop } from './loop-delay.ts';
import { monotonicMs } from './measure.ts';

const [directory = '', count = '0', maxRunning = '1'] = process.argv.slice(2);
const each = Number(count);
const spawnedAtMs: number[] = [];
const loop = watchLoop();
let firstDelay: LoopDelay | undefined;
let finished = () => {};
const all = new Promise<void>((resolve) => {
  finished = resolve;
});

const fleet = await startFleet(directory, {
  maxRunning: Number(maxRunning),
  report: (what) => {
    if (what !== 'spawned') return;
    if (spawnedAtMs.length === 0) loop.restart();
    const spawned = spawnedAtMs.push(monotonicMs());
    if (spawned === each) firstDelay = loop.restart();
    if (spawned === 2 * each) finished();
  },
});
await all;
const delay = loop.stop();
const outcome = {
  cold: { perSecond: perSecond(spawnedAtMs.slice(0, each)), ...firstDelay },
  perSecond: perSecond(spawnedAtMs.slice(each)),
  ...delay,
  rssMiB: process.memoryUsage().rss / 2 ** 20,
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
await fleet.stop();

function perSecond(atMs: readonly number[]): number {
  return ((atMs.length - 1) * 1_000) / ((atMs.at(-1) ?? 0) - (atMs[0] ?? 0));
}
