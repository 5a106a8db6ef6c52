/** A planted bug: a part of the program, wrapped so that it no longer keeps its promise. */
import type { Board } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import type { Planner } from '../../src/dispatcher/plan.ts';
import type { Host } from '../../src/dispatcher/ports.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import type { Machine } from './cast.ts';
import type { Ledger } from './ledger.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a bug may know of the world, to be wrong in a plausible way. */
export interface World {
  readonly time: VirtualTime;
  readonly ledger: Ledger;
  /** The tokens of runs, by run id. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** What is wrapped, and how. Every seam is one that the program has anyway. */
export interface Bug {
  readonly name: string;
  /** What the program does wrong, in a sentence. */
  readonly what: string;
  /** It is one only where the log is not atomic. */
  readonly isOfClusters?: true;
  /** Every process's line to the log. */
  readonly log?: (line: EventLog) => EventLog;
  /** The log that the tables are folded from. */
  readonly tablesLog?: (log: EventLog) => EventLog;
  /** The commands of workers, people and dispatchers. */
  readonly commands?: (commands: Commands, world: World) => Commands;
  /** A dispatcher's board. */
  readonly board?: (board: Board) => Board;
  /** A dispatcher's host. */
  readonly host?: (host: Host, place: { world: World; machine: Machine }) => Host;
  /** How a dispatcher plans. */
  readonly plan?: (plan: Planner) => Planner;
}

/** The program as it is. */
export const noBug: Bug = { name: 'none', what: 'The program is as it is.' };
