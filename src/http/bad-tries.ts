/** Counts wrong credentials, so that nobody can try many. */
import type { Clock } from '../log/ports.ts';

/** Wrong credentials a second; as many may come at once. */
const triesPerSecond = 10;

/** A limit on wrong tries. Who shows the right thing is never kept waiting by others. */
export function createBadTries(clock: Clock) {
  let left = triesPerSecond;
  let sinceMs = clock.monoMs();

  return {
    /** Counts one more; answers whether it is one too many. */
    isOneTooMany(): boolean {
      const nowMs = clock.monoMs();
      left = Math.min(triesPerSecond, left + ((nowMs - sinceMs) / 1_000) * triesPerSecond);
      sinceMs = nowMs;
      if (left < 1) return true;
      left -= 1;
      return false;
    },
  };
}
