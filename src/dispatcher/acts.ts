/**
 * Carries out actions side by side, one at a time for each subject, and none in the way of another.
 *
 * One that fails is told and tried again by a later plan, after a wait that doubles: what has to be
 * recorded is insisted on for as long as it takes.
 */

import type { Breathe } from '../log/breathe.ts';
import type { Clock } from '../log/ports.ts';
import type { Report } from './ports.ts';

/**
 * First and longest wait after a failure, in ms. Nobody tells when the log is back, so the longest
 * is what a worker's end may wait for its judgement after an outage, however long that took.
 */
const retryAfterMs = { first: 100, max: 5_000 } as const;

/** The actions under way, and those that failed a moment ago. */
export interface Acts {
  /** Starts an action, unless its subject is busy. */
  start(subject: string, act: () => Promise<void>): void;
  /** Whether something is being done about a subject, or is not to be tried again yet. */
  isBusy(subject: string): boolean;
  /** When the next subject may be tried again, in ms; undefined when none waits. */
  nextRetryInMs(): number | undefined;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Attempt {
  failures: number;
  /** Until when nothing is to be tried, on the monotonic clock; undefined while it is under way. */
  retryAtMonoMs: number | undefined;
}

/** Nothing under way yet. `onDone` is called after every action. */
export function createActs(deps: {
  clock: Clock;
  breathe: Breathe;
  report: Report;
  onDone: () => void;
}): Acts {
  const { clock, breathe, report, onDone } = deps;
  const attempts = new Map<string, Attempt>();
  const underWay = new Set<Promise<void>>();

  function start(subject: string, act: () => Promise<void>): void {
    if (isBusy(subject)) return;
    const attempt = attempts.get(subject) ?? { failures: 0, retryAtMonoMs: undefined };
    attempt.retryAtMonoMs = undefined;
    attempts.set(subject, attempt);
    const running = carryOut(subject, act, attempt).finally(() => {
      underWay.delete(running);
      onDone();
    });
    underWay.add(running);
  }

  async function carryOut(subject: string, act: () => Promise<void>, attempt: Attempt) {
    try {
      await breathe();
      await act();
      attempts.delete(subject);
    } catch (fault) {
      attempt.failures += 1;
      const waitMs = backoffMs(attempt.failures);
      attempt.retryAtMonoMs = clock.monoMs() + waitMs;
      const { failures } = attempt;
      report('fault', { subject, failures, retryInMs: waitMs, problem: describeFault(fault) });
    }
  }

  function isBusy(subject: string): boolean {
    const attempt = attempts.get(subject);
    if (attempt === undefined) return false;
    return attempt.retryAtMonoMs === undefined || attempt.retryAtMonoMs > clock.monoMs();
  }

  function nextRetryInMs(): number | undefined {
    const nowMs = clock.monoMs();
    let soonestMs: number | undefined;
    for (const [subject, { retryAtMonoMs }] of attempts) {
      if (retryAtMonoMs === undefined) continue;
      const leftMs = retryAtMonoMs - nowMs;
      if (leftMs < -retryAfterMs.max) attempts.delete(subject);
      else if (leftMs > 0) soonestMs = Math.min(leftMs, soonestMs ?? leftMs);
    }
    return soonestMs;
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return { start, isBusy, nextRetryInMs, settled };
}

/** How long to wait after the n-th failure in a row, in ms. */
export function backoffMs(failures: number): number {
  return Math.min(retryAfterMs.first * 2 ** Math.min(failures - 1, 20), retryAfterMs.max);
}

/** A thrown value in one line. */
export function describeFault(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
}
