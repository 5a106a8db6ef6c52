/**
 * How long this process is there, by the clock that start times in /proc are counted on: it goes on
 * while the machine is suspended, and the clock of Node does not.
 */
import { readFileSync } from 'node:fs';

/** The two clocks, in ms, each from a moment of its own. */
export interface OwnAgeClocks {
  /** Goes on while the machine is suspended; undefined when it could not be read. */
  bootMs(): number | undefined;
  /** Since this process was started, without the time suspended. */
  upMs(): number;
}

const realClocks: OwnAgeClocks = {
  bootMs() {
    try {
      const seconds = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
      return Number.isFinite(seconds) ? seconds * 1000 : undefined;
    } catch {
      return undefined;
    }
  },
  upMs: () => process.uptime() * 1000,
};

/**
 * The age of this process in ms, to be asked for as often as one likes. Time suspended counts from
 * now on: what came before is not known, and a process that has just been started has little of it.
 */
export function createOwnAge({ bootMs, upMs }: OwnAgeClocks = realClocks): () => number {
  // In a container /proc/uptime may begin anywhere: only how far it has moved means something.
  const aheadMs = () => {
    const ms = bootMs();
    return ms === undefined ? undefined : ms - upMs();
  };
  let firstMs = aheadMs();
  let suspendedMs = 0;
  return () => {
    const nowMs = aheadMs();
    firstMs ??= nowMs;
    if (nowMs !== undefined && firstMs !== undefined) suspendedMs = nowMs - firstMs;
    return upMs() + suspendedMs;
  };
}
