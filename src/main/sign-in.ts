/** Signing a browser in at a door that another process keeps open, of the real parts. */
import type { SignIn } from '../cli/root.ts';
import { tokenFile } from '../host/door-secrets.ts';
import { createOpenDoors } from '../host/open-doors.ts';
import { createProcessTable } from '../host/process-table.ts';
import { DoorTrouble } from '../remote/door-trouble.ts';
import { askForLink } from '../remote/sign-in.ts';
import { readToken } from './read-token.ts';

/**
 * For the doors of this home directory. A token is shown to a process only that has opened a door
 * here and is still alive: a port alone could be anybody's by now.
 */
export function createSignIn(home: string): SignIn {
  const doors = createOpenDoors(home, createProcessTable());
  return async (directory, role) => {
    const door = doors.list().find((each) => each.directory === directory);
    if (door === undefined) throw notServed(directory);
    const token = readToken(tokenFile(directory, 'operator'));
    return askForLink({ url: door.address, token, role });
  };
}

function notServed(directory: string): DoorTrouble {
  const hint = 'Start `logboard serve` for it, as this user; a socket file has no page.';
  return new DoorTrouble('not_served', `Nobody serves a page of ${directory} here.`, hint);
}
