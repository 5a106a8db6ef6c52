/**
 * Clocks that disagree. Nothing decides by them, but times are shown to people, and appends carry a
 * deadline that the server reads from its own clock.
 */
import type { Clock } from '../ports.ts';
import type { Trouble } from './fault.ts';

/** Difference that is worth a word, ms. */
const skewMsMax = 1_000;

/** Compares the server's times with ours; tells once when they are far apart. */
export function createSkewWatch(clock: Pick<Clock, 'nowMs'>, tell: (trouble: Trouble) => void) {
  let hasTold = false;

  /** The server stored something between the moment it was sent and now. */
  return (storedAtMs: number, sentAtMs: number): void => {
    const aheadMs = Math.max(storedAtMs - clock.nowMs(), 0) || Math.min(storedAtMs - sentAtMs, 0);
    if (hasTold || Math.abs(aheadMs) <= skewMsMax) return;
    hasTold = true;
    const seconds = Math.round(Math.abs(aheadMs) / 1_000);
    const direction = aheadMs > 0 ? 'ahead of' : 'behind';
    tell({
      code: 'clock_skew',
      message: `The clock of the cluster is ${seconds} s ${direction} that of this host`,
      hint: 'Let both keep their time by NTP.',
    });
  };
}
