/** How far long work has come, in lines: for a log file, where a bar would be noise. */
import { figure } from '../wire/counted.ts';
import type { Io } from './io.ts';
import { shortDuration } from './time.ts';
import type { Tell } from './upkeep.ts';

/** Between two lines, and before the first, in ms: short work prints none. */
const everyMs = 5_000;

/** Tells how far work has come, now and then in a line on stderr, with the time it will take. */
export function createProgressLines({ stderr, nowMs }: Pick<Io, 'stderr' | 'nowMs'>): Tell {
  let stageBegan = { stage: '', atMs: nowMs(), done: 0 };
  let toldAtMs = nowMs();

  return (stage, { done, total }) => {
    const atMs = nowMs();
    if (stage !== stageBegan.stage) stageBegan = { stage, atMs, done };
    if (atMs - toldAtMs < everyMs) return;
    toldAtMs = atMs;
    const share = total === 0 ? 1 : done / total;
    const percent = Math.floor(100 * share);
    const perMs = (done - stageBegan.done) / (atMs - stageBegan.atMs);
    const left = perMs > 0 ? `, about ${shortDuration((total - done) / perMs)} left` : '';
    stderr.write(`${stage}: ${figure(done)} of ${figure(total)} (${percent} %)${left}\n`);
  };
}
