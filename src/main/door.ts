/** The HTTP door of a board, of the real parts. */
import type { DoorPlace, OpenedDoor } from '../cli/root.ts';
import { systemClock, systemTimers } from '../host/clock.ts';
import { openDoorSecrets, tokenFile } from '../host/door-secrets.ts';
import { createIds, randomBytes } from '../host/ids.ts';
import { createRunStore } from '../host/run-store.ts';
import { openDoor } from '../http/door.ts';
import type { Listening } from '../http/listen.ts';
import { followPages } from '../log/follow.ts';
import type { Neighbours } from './neighbours.ts';
import { outputFiles } from './output-files.ts';
import { pageDirectory } from './page-directory.ts';
import { endOfRemoteRun } from './remote-exit.ts';

const ids = createIds({ clock: systemClock, randomBytes });

type Parts = Parameters<typeof openDoor>[0];

/**
 * Opens the door of a board; without `neighbours` it knows of no other board. Throws what refuses
 * the place, or the secrets.
 */
export async function openBoardDoor(
  { version, forget, ...place }: DoorPlace & Pick<Parts, 'version' | 'forget'>,
  where: Listening,
  neighbours?: Neighbours,
): Promise<OpenedDoor> {
  const { board, directory, label, config, operatorName, report } = place;
  let nudge: (() => void) | undefined;
  const door = await openDoor(
    {
      board,
      place: { directory, label },
      config,
      operatorName,
      secrets: openDoorSecrets(directory, randomBytes),
      clock: systemClock,
      timers: systemTimers,
      randomBytes,
      newRunId: () => ids.runId(),
      runStore: createRunStore(directory),
      endOf: endOfRemoteRun(config),
      version,
      webDirectory: pageDirectory(),
      follow: (after, signal) =>
        followPages(board.log, {
          clock: systemClock,
          timers: systemTimers,
          random: Math.random,
          after,
          signal,
          pageSize: 200,
        }),
      output: outputFiles(directory),
      forget,
      dispatch: {
        plan: place.plan,
        nudge: () => {
          nudge?.();
          return nudge !== undefined;
        },
      },
      knownBoards: (name) =>
        neighbours?.known(directory, name) ?? [{ slug: null, name, address: null, isThis: true }],
      onFault: (fault) => report('fault', { subject: 'http', problem: String(fault) }),
    },
    where,
  );
  const attach = (given: () => void) => {
    nudge = given;
  };
  const leave = 'socket' in where ? undefined : await neighbours?.greet(place, door.address);
  const close = () => {
    leave?.();
    return door.close();
  };
  return { ...door, attach, close, tokenFile: tokenFile(directory, 'operator') };
}
