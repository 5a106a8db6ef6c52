/** The real clock and the real timers, and the one way to wait for a while. */
import type { Clock, TimerHold, Timers } from '../log/ports.ts';

/** The longest delay `setTimeout` honours, in ms; anything longer fires at once. */
const timeoutMsMax = 2 ** 31 - 1;

/** The machine's clocks: wall time in whole UTC ms, monotonic time in ms with a fraction. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monoMs: () => performance.now(),
};

/** The event loop's timers, for delays of any length. */
export const systemTimers: Timers = {
  after(ms, fn, hold = 'keep_alive') {
    let pending: NodeJS.Timeout;
    const arm = (leftMs: number) => {
      const stepMs = Math.min(leftMs, timeoutMsMax);
      pending = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : fn()), stepMs);
      if (hold === 'background') {
        pending.unref();
      }
    };
    arm(ms);
    return () => clearTimeout(pending);
  },
  immediate(fn) {
    setImmediate(fn);
  },
};

/** Resolves `ms` from now, or as soon as the signal is aborted. */
export function pause(
  timers: Timers,
  ms: number,
  { signal, hold }: { signal?: AbortSignal; hold?: TimerHold } = {},
): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = timers.after(signal?.aborted ? 0 : ms, wake, hold);
    signal?.addEventListener('abort', wake);
  });
}
