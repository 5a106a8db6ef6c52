/** The tables of a host, which its dispatchers share, and their way to them. */
import type { Projections } from '../../projections/run.ts';
import { type EventLog, LogUnavailable } from '../../src/log/event-log.ts';
import type { Timers } from '../../src/log/ports.ts';
import { openRecycled } from '../trial/recycled-tables.ts';
import type { Actor, Span } from './actor.ts';
import type { Stage } from './stage.ts';

/** How long catching up takes, there and back, in ms. */
const span: Span = [0.5, 8];

/** Tables that are kept in memory wait for nobody, and begin their next page at once. */
const noTimers: Timers = {
  after: () => {
    throw new Error('tables in memory wait for nobody');
  },
  immediate: (run) => queueMicrotask(run),
};

/** Opens the tables of a host; they read what is there of the log at no distance. */
export function openTables({ bug, logOn }: Stage, hostId: string): Promise<Projections> {
  const log = logOn(hostId);
  return tablesOf(bug.tablesLog?.(log) ?? log);
}

/** Empty tables of a log. */
export function tablesOf(log: EventLog): Promise<Projections> {
  return openRecycled({ log, timers: noTimers });
}

/** The tables as one process reaches them. */
export function tablesFor(stage: Stage, actor: Actor, tables: Projections): Projections {
  const catchUp = () => {
    if (stage.logCondition() === 'down')
      return actor.call(() => Promise.reject(outOfReach()), span);
    return actor.call(() => tables.catchUp(), span);
  };
  return {
    catchUp,
    waitFor: async () => void (await catchUp()),
    checkpoint: () => tables.checkpoint(),
    get queries() {
      return tables.queries;
    },
    openPast: (cut) => actor.call(() => tables.openPast(cut), span),
    openStepping: (upTo) => actor.call(() => tables.openStepping(upTo), span),
    close: () => {},
  };
}

function outOfReach(): LogUnavailable {
  return new LogUnavailable('The log did not answer.', {
    code: 'busy',
    hint: 'Try again.',
    retryable: true,
  });
}
