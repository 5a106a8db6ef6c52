/** Opens embedded logs with the machine's own clock, timers and chance. */
import { randomUUID } from 'node:crypto';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { randomBytes } from '../../src/host/ids.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { openSqliteLog, type SqliteLogOptions } from '../../src/log/sqlite/sqlite-log.ts';
import { type OpenDatabase, openDatabase } from '../../src/sqlite/open.ts';

/** How to open it: as the program does, and what a workload changes about its databases. */
export interface OpenOptions extends SqliteLogOptions {
  /** Default: the one that the program uses. */
  readonly openDatabase?: OpenDatabase;
  /** As a program would that knows of no encryption. Default false. */
  readonly keyless?: boolean;
}

/** Opens the log in `directory` as the program does. */
export function openLog(directory: string, options: OpenOptions = {}): Promise<SqliteLog> {
  const { openDatabase: open = openDatabase, keyless = false, ...rest } = options;
  const keys = keyless ? {} : { randomBytes };
  const deps = { clock: systemClock, timers: systemTimers, random: Math.random, ...keys };
  return openSqliteLog(directory, { ...deps, newEpoch: randomUUID, openDatabase: open }, rest);
}
