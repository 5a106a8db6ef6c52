/** Opens embedded logs that are closed when the test is over. */
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { SqliteLog } from '../../../src/log/sqlite/open-log.ts';
import {
  openSqliteLog,
  type SqliteLogDeps,
  type SqliteLogOptions,
} from '../../../src/log/sqlite/sqlite-log.ts';
import { realPorts } from '../real-ports.ts';

/** Opens the log in `directory` with the machine's ports, some of them replaced. */
export async function openLog(
  directory: string,
  options: SqliteLogOptions = {},
  deps: Partial<SqliteLogDeps> = {},
): Promise<SqliteLog> {
  const log = await openSqliteLog(directory, { ...realPorts, ...deps }, options);
  onTestFinished(() => log.close());
  return log;
}

/** Changes the closed log in `directory` behind its back: `change` may do what no program may. */
export function tamper(directory: string, change: (db: Database.Database) => void): void {
  const db = new Database(`${directory}/log.db`);
  db.exec('DROP TRIGGER IF EXISTS events_are_never_updated');
  db.exec('DROP TRIGGER IF EXISTS events_are_never_deleted');
  change(db);
  db.close();
}

/** The rows of the log itself, as they stand in its file. */
export function rowsIn(directory: string): readonly { position: number; stream: string }[] {
  const db = new Database(`${directory}/log.db`, { readonly: true });
  const rows = db
    .prepare<[], { position: number; stream: string }>(
      'SELECT position, stream FROM events ORDER BY position',
    )
    .all();
  db.close();
  return rows;
}
