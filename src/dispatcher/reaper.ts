/**
 * The list of children whose end was collected: how each ended, told in batches, and counted.
 *
 * The system collects them (the spawner waits for each, whatever the dispatcher is doing); this is
 * where it is said. It needs neither log nor tables nor plans, so nothing that is wrong with those
 * keeps it from being said.
 */
import type { Timers } from '../log/ports.ts';
import type { ExitStatus, Report } from './ports.ts';

/** A child that has ended and was waited for. A pid alone is nobody: see `ProcessIdentity`. */
export interface ReapedChild {
  readonly runId: string;
  readonly pid: number;
  readonly startTime: number;
  readonly exit: ExitStatus;
}

/** The list. */
export interface Reaper {
  /** Takes down that a child has ended. */
  note(child: ReapedChild): void;
  /** Tells what is left to be told; what comes later is not told any more. */
  close(): void;
  /** How many there were, from the beginning. */
  count(): number;
}

/** How long a batch waits for others to share its line, in ms. */
export const reapedBatchMs = 50;

/** An empty list. */
export function createReaper({ timers, report }: { timers: Timers; report: Report }): Reaper {
  let batch: ReapedChild[] = [];
  let total = 0;
  let isClosed = false;

  function note(child: ReapedChild): void {
    if (isClosed) return;
    total += 1;
    batch.push(child);
    if (batch.length === 1) timers.after(reapedBatchMs, tell, 'background');
  }

  function tell(): void {
    if (batch.length === 0) return;
    const children = batch.map((child) => ({ ...child }));
    batch = [];
    report('reaped', { children, total });
  }

  function close(): void {
    tell();
    isClosed = true;
  }

  return { note, close, count: () => total };
}
