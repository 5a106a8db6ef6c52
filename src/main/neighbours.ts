/** The boards that a page can lead to: those with a name, and those that are served. */
import { join } from 'node:path';
import { boardsDirectory } from '../cli/board-place.ts';
import { slugsOf } from '../cli/named-boards.ts';
import type { DoorPlace } from '../cli/root.ts';
import { createOpenDoors, type OpenDoors } from '../host/open-doors.ts';
import { createProcessTable } from '../host/process-table.ts';
import type { KnownBoard } from '../http/door-parts.ts';

/** What a board knows of the others of its user, and they of it. */
export type Neighbours = ReturnType<typeof createNeighbours>;

/** The boards of a home directory, and those that are served beside them. */
export function createNeighbours(home: string, hasBoard: (directory: string) => boolean) {
  const doors = createOpenDoors(home, createProcessTable());

  /** All boards, the one in `here` among them, in the order of their names. */
  function known(here: string, name: string): readonly KnownBoard[] {
    const boards = new Map<string, KnownBoard>();
    const put = (directory: string, board: Omit<KnownBoard, 'isThis'>) =>
      boards.set(directory, { ...board, isThis: directory === here });

    put(here, { slug: null, name, address: null });
    for (const slug of slugsOf(home)) {
      const directory = join(boardsDirectory(home), slug);
      const called = boards.get(directory)?.name ?? slug;
      if (hasBoard(directory)) put(directory, { slug, name: called, address: null });
    }
    for (const { directory, name: called, address } of doors.list()) {
      const before = boards.get(directory);
      // A board may have several doors; the first will do.
      if (before?.address) continue;
      put(directory, { slug: before?.slug ?? null, name: before?.name ?? called, address });
    }
    return [...boards.values()].sort((one, other) => one.name.localeCompare(other.name));
  }

  return { known, greet: (place: DoorPlace, address: string) => greet(doors, place, address) };
}

/**
 * Lets the other boards know of a door; answers how to take it back. A door that they cannot find
 * is a door all the same.
 */
async function greet(
  doors: OpenDoors,
  { board, directory, label, report }: DoorPlace,
  address: string,
): Promise<(() => void) | undefined> {
  try {
    const name = (await board.read()).board()?.name ?? label;
    return doors.announce({ directory, name, address });
  } catch (fault) {
    report('fault', { subject: 'doors', problem: String(fault) });
    return undefined;
  }
}
