/** What must not be, and what it takes to see it. */
import type { EventLog } from '../../src/log/event-log.ts';
import type { Worker } from './cast.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { Traits } from './traits.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Something that must not be. */
export interface Violation {
  /** Short name of the invariant. */
  readonly invariant: string;
  readonly found: string;
  /** Tasks, runs and processes it is about. */
  readonly about: readonly string[];
  readonly atMs: number;
}

/** Says that something must not be. */
export type Report = (invariant: string, about: readonly string[], found: string) => void;

/** What is watched. */
export interface WatchParts {
  readonly time: VirtualTime;
  readonly journal: Journal;
  readonly log: EventLog;
  readonly traits: Traits;
  readonly policy: Traits['policy'];
  readonly workers: readonly Worker[];
}

/** What watching takes besides what is watched. */
export interface WatchDeps extends WatchParts {
  readonly ledger: Ledger;
  readonly report: Report;
}
