/** Opens embedded logs with the machine's own clock, timers and chance. */
import { randomUUID } from 'node:crypto';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { openSqliteLog, type SqliteLogOptions } from '../../src/log/sqlite/sqlite-log.ts';
import { type OpenDatabase, openDatabase } from '../../src/sqlite/open.ts';

/** How to open it: as the program does, and what a workload changes about its databases. */
export interface OpenOptions extends SqliteLogOptions {
  /** Default: the one that the program uses. */
  readonly openDatabase?: OpenDatabase;
}

/** Opens the log in `directory` as the program does. */
export function openLog(directory: string, options: OpenOptions = {}): Promise<SqliteLog> {
  const { openDatabase: open = openDatabase, ...rest } = options;
  const deps = { clock: systemClock, timers: systemTimers, random: Math.random };
  return openSqliteLog(directory, { ...deps, newEpoch: randomUUID, openDatabase: open }, rest);
}
