/** Whether a directory holds a board, as far as this user may see. */
import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { logPlace } from '../log/sqlite/place.ts';

/** What says whether a file is there, and throws where it may not say. */
export type Stat = (path: string) => Pick<Stats, 'uid'> | undefined;

const statFile: Stat = (path) => statSync(path, { throwIfNoEntry: false });

/** A directory that this user may not look into; there may be a board in it. */
export class BoardNotReadable extends Error {
  readonly code = 'board_not_readable';
  readonly hint = 'Ask whoever owns it, or choose another board with --board.';

  constructor(directory: string, owner: number | undefined) {
    const whose = owner === undefined ? '' : ` It belongs to user ${owner}.`;
    super(`The board at ${directory} may not be read.${whose}`);
  }
}

/**
 * Whether there is a board, sound or not: a log that was lost left its wake file behind. Throws
 * `BoardNotReadable`: what may not be seen is not the same as what is not there.
 */
export function seeBoard(directory: string, stat: Stat = statFile): boolean {
  const { database, wake } = logPlace(directory);
  try {
    return [database, wake, join(directory, 'cluster')].some((path) => isThere(path, stat));
  } catch {
    throw new BoardNotReadable(directory, ownerOf(directory, stat));
  }
}

function isThere(path: string, stat: Stat): boolean {
  try {
    return stat(path) !== undefined;
  } catch (error) {
    if (isDenied(error)) throw error;
    // A file in the place of a folder, or links in a circle: nothing is there.
    return false;
  }
}

function isDenied(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM';
}

function ownerOf(directory: string, stat: Stat): number | undefined {
  try {
    return stat(directory)?.uid;
  } catch {
    return undefined;
  }
}
