/** The stage of one simulation: everything in it, for whoever takes part. */
import type { BoardIds } from '../../src/app/session.ts';
import type { RunIds } from '../../src/dispatcher/ports.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import type { Clock } from '../../src/log/ports.ts';
import type { Chance } from '../trial/chance.ts';
import type { Actor } from './actor.ts';
import type { Bug, World } from './bug.ts';
import type { Machine, Worker } from './cast.ts';
import type { Journal } from './journal.ts';
import type { Traits } from './traits.ts';
import type { Watch } from './watch.ts';

/** What is wrong with the log at a moment. */
export type LogCondition = 'fine' | 'slow' | 'down';

/** Everything that takes part. */
export interface Stage extends World {
  readonly traits: Traits;
  readonly policy: Traits['policy'];
  readonly bug: Bug;
  readonly chance: Chance;
  /** The clock of whoever is on no host in particular. It never steps. */
  readonly clock: Clock;
  readonly journal: Journal;
  /** The log itself, at no distance. */
  readonly log: EventLog;
  /** What a host reads; in a cluster a copy. Without a host: the log itself. */
  logOn(hostId: string | undefined): EventLog;
  /** Keeps the news from a host for a while; nothing happens where there is no copy. */
  cutOff(hostId: string, forMs: number): void;
  readonly watch: Watch;
  readonly ids: RunIds;
  readonly tokens: Map<string, string>;
  /** Every worker that was ever spawned, oldest first. */
  readonly workers: Worker[];
  readonly machines: Machine[];
  /** Whether things may still go wrong. */
  isFoul(): boolean;
  /** From now on nothing goes wrong any more. */
  calm(): void;
  logCondition(): LogCondition;
  setLogCondition(condition: LogCondition): void;
  /** A new process, on a host or on none in particular. */
  newActor(name: string, machine?: Machine): Actor;
  /** The living processes on a host. */
  actorsOn(machine: Machine): readonly Actor[];
  idsFor(actor: Actor): BoardIds;
}
