/** The HTTP door of a board, of the real parts. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DoorPlace, OpenedDoor } from '../cli/root.ts';
import { systemClock, systemTimers } from '../host/clock.ts';
import { openDoorSecrets, tokenFile } from '../host/door-secrets.ts';
import { createIds, randomBytes } from '../host/ids.ts';
import { createRunStore } from '../host/run-store.ts';
import { openDoor } from '../http/door.ts';
import type { Listening } from '../http/listen.ts';
import { followPages } from '../log/follow.ts';
import { endOfRemoteRun } from './remote-exit.ts';

const ids = createIds({ clock: systemClock, randomBytes });

import { outputFiles } from './output-files.ts';

/** Where the built page may be: beside the built program, or in `dist/` beside its sources. */
const webDirectories = ['../../web', '../../dist/web'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Opens the door of a board. Throws what refuses the place, or the secrets. */
export async function openBoardDoor(
  { version, ...place }: DoorPlace & { readonly version: string },
  where: Listening,
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
      webDirectory: webDirectories.find((path) => existsSync(path)) ?? webDirectories[0]!,
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
      dispatch: {
        plan: place.plan,
        nudge: () => {
          nudge?.();
          return nudge !== undefined;
        },
      },
      onFault: (fault) => report('fault', { subject: 'http', problem: String(fault) }),
    },
    where,
  );
  const attach = (given: () => void) => {
    nudge = given;
  };
  return { ...door, attach, tokenFile: tokenFile(directory, 'operator') };
}
