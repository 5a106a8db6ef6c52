/**
 * How long an event loop was held up, and by whom: by its own work, or by a kernel that had given
 * its core to somebody else.
 *
 * A timer asks to be called every ms. What passes beyond that is the delay. In the same moment the
 * kernel is asked how long the thread was ready to run and had no core: the second figure of
 * `/proc/self/schedstat`, in ns (Documentation/scheduler/sched-stats.rst of Linux). The rest is
 * what the program did to itself: computing, a sync of the disk, a fork.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { monotonicMs, percentile } from './measure.ts';

/** How often the loop is asked, in ms. */
const everyMs = 1;

/** Longest delays of an event loop, in ms. */
export interface LoopDelay {
  /** All of it. */
  readonly maxMs: number;
  readonly p99Ms: number;
  /** Without the time for which the thread was ready and had no core. */
  readonly ownMaxMs: number;
  readonly ownP99Ms: number;
}

/** A loop that is watched. */
export interface LoopWatch {
  /** Tells what was seen so far, and forgets it. */
  restart(): LoopDelay;
  /** Ends the watch, and tells what was seen since the last restart. */
  stop(): LoopDelay;
}

interface Delay {
  readonly allMs: number;
  readonly ownMs: number;
}

/** Watches the loop of this process's first thread. Linux only. */
export function watchLoop(): LoopWatch {
  const scheduler = openSync('/proc/self/schedstat', 'r');
  const text = Buffer.alloc(128);
  let delays: Delay[] = [];
  let seen = look();
  const timer = setInterval(note, everyMs);

  function look() {
    const [, waitedNs = '0'] = text
      .toString('latin1', 0, readSync(scheduler, text, 0, text.length, 0))
      .split(' ');
    return { monoMs: monotonicMs(), waitedMs: Number(waitedNs) / 1e6 };
  }

  function note(): void {
    const now = look();
    const allMs = now.monoMs - seen.monoMs - everyMs;
    delays.push({ allMs, ownMs: allMs - (now.waitedMs - seen.waitedMs) });
    seen = now;
  }

  function restart(): LoopDelay {
    const delay = tell();
    delays = [];
    seen = look();
    return delay;
  }

  function stop(): LoopDelay {
    const delay = tell();
    clearInterval(timer);
    closeSync(scheduler);
    return delay;
  }

  function tell(): LoopDelay {
    note();
    const all = delays.map(({ allMs }) => allMs);
    const own = delays.map(({ ownMs }) => ownMs);
    return {
      maxMs: Math.max(...all),
      p99Ms: percentile(all, 0.99),
      ownMaxMs: Math.max(...own),
      ownP99Ms: percentile(own, 0.99),
    };
  }

  return { restart, stop };
}
