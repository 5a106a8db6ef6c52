/**
 * The embedded log: one SQLite database in the board's directory, shared by every process there.
 */
import { asLogFault } from './condition.ts';
import { refuseReplica } from './format.ts';
import { OpenLog, type SqliteLog } from './open-log.ts';
import { openParts, type SqliteLogDeps, type SqliteLogOptions } from './opening.ts';

export { type SqliteLogDeps, type SqliteLogOptions, waitingOn } from './opening.ts';

/**
 * Opens the log in `directory`, creating both if need be.
 *
 * The end of the log is verified first: one that is damaged opens, but takes no appends and reads
 * only up to the damage. Rejects with `LogUnavailable` when the place or the format is not fit,
 * with `LogDamaged` when it is no database any more or is gone.
 */
export async function openSqliteLog(
  directory: string,
  deps: SqliteLogDeps,
  options: SqliteLogOptions = {},
): Promise<SqliteLog> {
  try {
    const parts = await openParts(directory, deps, options);
    if (parts.canWrite) refuseReplica(parts.db);
    return new OpenLog(parts);
  } catch (error) {
    throw asLogFault(error, `open the log in ${directory}`);
  }
}
