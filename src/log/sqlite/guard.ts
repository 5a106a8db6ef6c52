/**
 * The inode guard: notices that the database's files were deleted or replaced underneath.
 *
 * Whoever writes into a deleted file gets every append acknowledged, and nobody else ever sees it.
 * The files are only looked at with stat(2). Opening one would be worse than not looking: closing
 * any descriptor of it drops this process's locks.
 *
 * After each commit it is their directory that is looked at: no file in it comes or goes without
 * the directory's time of change moving. Looking at the write-ahead log itself would make commits a
 * third slower: on newer kernels a file that was looked at gets an exact time with its next write,
 * and the sync has to store it (measured, see ../README.md).
 */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LogUnavailable } from '../event-log.ts';
import type { Opened } from './opened.ts';

/** Watches over the files of one open log. */
export interface FileGuard {
  /**
   * Throws when the files are not the ones that were opened: nobody knows where the commit went.
   */
  checkAfterCommit(): void;
  stop(): void;
}

/** How often the files are looked at whatever happens, in ms. */
const lookEveryMs = 1_000;

/** Remembers the files as they are now, with SQLite having them open, and looks again and again. */
export function startFileGuard({ place, condition, timers }: Opened): FileGuard {
  const { database } = place;
  const directory = dirname(database);
  const files = [database, `${database}-wal`, `${database}-shm`];
  const known = files.map(identity);
  let directoryChange = changeOf(directory);
  let stop = () => {};

  function findReplaced(): string | undefined {
    return files.find((file, index) => identity(file) !== known[index]);
  }

  function lookLater(): void {
    stop = timers.after(lookEveryMs, look, 'background');
  }

  function look(): void {
    const file = findReplaced();
    if (file === undefined) {
      lookLater();
    } else {
      condition.refuseAll(replaced(file));
    }
  }

  function checkAfterCommit(): void {
    const change = changeOf(directory);
    if (change === directoryChange) {
      return;
    }
    directoryChange = change;
    const file = findReplaced();
    if (file !== undefined) {
      condition.refuseAll(replaced(file));
      throw replaced(file, true);
    }
  }

  lookLater();
  return { checkAfterCommit, stop: () => stop() };
}

/** When a name in the directory last came, went or changed hands: the exact time, or undefined. */
function changeOf(directory: string): bigint | undefined {
  return statSync(directory, { bigint: true, throwIfNoEntry: false })?.ctimeNs;
}

/** Which file it is, or undefined when there is none. */
function identity(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

function replaced(file: string, outcomeUnknown = false): LogUnavailable {
  return new LogUnavailable(`${file} was deleted or replaced while the log was open`, {
    code: 'log_replaced',
    hint: 'Start the program again. This one still holds the old files: a backup saves them.',
    retryable: false,
    outcomeUnknown,
  });
}
