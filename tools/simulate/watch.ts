/**
 * Watches a simulation: every event as it is stored, every worker as it starts, every answer as it
 * is given. The first thing that must not be ends the simulation. The short names of what is broken
 * stand in `README.md`.
 */
import { createLedger, type Ledger } from './ledger.ts';
import type { Report, Violation, WatchParts } from './violation.ts';
import { createLogWatch, type LogWatch } from './watch-log.ts';
import { createWorkWatch, type WorkWatch } from './watch-work.ts';

/** Somebody who watches. */
export interface Watch extends LogWatch, WorkWatch {
  readonly ledger: Ledger;
  /** The first violation; undefined while all is well. */
  violation(): Violation | undefined;
  readonly report: Report;
}

/** Watches a stage from its first event on. */
export function createWatch(parts: WatchParts): Watch {
  const { time } = parts;
  const ledger = createLedger();
  let violation: Violation | undefined;

  function report(invariant: string, about: readonly string[], found: string): void {
    violation ??= { invariant, about, found, atMs: time.nowMs() };
  }

  return {
    ledger,
    violation: () => violation,
    report,
    ...createLogWatch({ ...parts, ledger, report }),
    ...createWorkWatch({ ...parts, ledger, report }),
  };
}
