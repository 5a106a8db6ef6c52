/** The files of an embedded log inside its board's directory. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LogUnavailable } from '../event-log.ts';
import { damaged } from './condition.ts';

/** Where the files of the log in `directory` are. */
export interface LogPlace {
  readonly database: string;
  /** Moves after every commit; see `wake.ts`. It is made after the log, and never goes away. */
  readonly wake: string;
}

/** The files of the log in `directory`. */
export function logPlace(directory: string): LogPlace {
  return { database: join(directory, 'log.db'), wake: join(directory, 'wake') };
}

/**
 * Throws unless there is a log to open, or a right to create one: where the wake file is, there was
 * a log, and a new one in its place would look as if nothing had ever happened.
 */
export function refuseLostLog(place: LogPlace, mayCreate: boolean): void {
  const size = statSync(place.database, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0) {
    return;
  }
  if (existsSync(place.wake)) {
    throw damaged(`The log that was at ${place.database} is gone`);
  }
  if (!mayCreate) {
    throw new LogUnavailable(`There is no log at ${place.database}`, {
      code: 'no_log',
      hint: 'Check the path of the board, or create it: `logboard init`.',
      retryable: false,
    });
  }
}

/**
 * Throws unless `path` can be a backup. Copying the file of a live log would miss what is in its
 * write-ahead log, and break its locks.
 */
export function refuseUnlessBackup(path: string): void {
  if (!existsSync(path)) {
    throw new LogUnavailable(`There is no backup at ${path}`, {
      code: 'no_backup',
      hint: 'Check the path.',
      retryable: false,
    });
  }
  if (existsSync(`${path}-wal`)) {
    throw new LogUnavailable(`${path} is a log in use, or was not closed: it is no backup`, {
      code: 'not_a_backup',
      hint: 'Take a backup of it first: `logboard backup`.',
      retryable: false,
    });
  }
}
