/** Where the stories of the model are told: a log, and tables for as many boards as needed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProjections, type Projections } from '../../projections/run.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { createFakeClock, type FakeClock } from '../kit/fake-clock.ts';
import { openLate } from '../kit/late-tables.ts';
import { realPorts } from '../log/real-ports.ts';

/** An empty log under a clock that stands still until it is told to go on. */
export interface Stage {
  readonly log: EventLog;
  readonly clock: FakeClock;
  /** Tables of their own, made when somebody reads them. */
  newTables(): Projections;
  clear(): Promise<void>;
}

/** Opens a stage. */
export type OpenStage = () => Promise<Stage>;

/** A stage in memory, for volume. */
export const inMemory: OpenStage = async () => {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  return { log, clock, newTables: () => tablesOf(log), clear: () => log.close() };
};

/** A stage on disk, for what only the embedded log does. */
export const onDisk: OpenStage = async () => {
  const clock = createFakeClock();
  const directory = await mkdtemp(join(tmpdir(), 'logboard-model-'));
  const log = await openSqliteLog(directory, { ...realPorts, clock });
  const clear = async () => {
    await log.close();
    await rm(directory, { recursive: true });
  };
  return { log, clock, newTables: () => tablesOf(log), clear };
};

function tablesOf(log: EventLog): Projections {
  return openLate(() => openProjections({ log, timers: realPorts.timers, path: ':memory:' }));
}
