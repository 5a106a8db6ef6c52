/** What the parts of one open log share. */
import type Database from 'better-sqlite3';
import type { Waiting } from '../../sqlite/attempt.ts';
import type { Clock, Timers } from '../ports.ts';
import type { Sealer } from '../sealing/sealer.ts';
import type { Condition } from './condition.ts';
import type { LogPlace } from './place.ts';
import type { Segments } from './segments.ts';

/** An open database that is known to be a log. */
export interface Opened {
  readonly db: Database.Database;
  readonly place: LogPlace;
  readonly epoch: string;
  /** Reads the format: thinning, by whomever, raises it. */
  format(): number;
  readonly canWrite: boolean;
  readonly condition: Condition;
  readonly waiting: Waiting;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Seals and opens the text in events; without one they are stored and read as they are. */
  readonly sealer: Sealer | undefined;
  /** The parts of the log that are in files of their own. */
  readonly segments: Segments;
  /** Opens a segment file, for reading. */
  openSegment(path: string): Database.Database;
  /** Opens a file that nobody else has open, to be filled and then synced. */
  openCopy(path: string): Database.Database;
  /** Opens another connection to the same log, for reading. */
  openAnother(): Database.Database;
  /** Opens another connection, for writing beside the queue of appends. */
  openWriter(): Database.Database;
}
