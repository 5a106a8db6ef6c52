/** Everything one caller may do. */
import type { LooseEnd } from '../../projections/index.ts';
import { createBoardCommands } from './board-commands.ts';
import { type Found, mend } from './mend/mend.ts';
import { createRunCommands } from './run-commands.ts';
import type { Session } from './session.ts';
import { createTaskCommands } from './task-commands.ts';

/** The commands on tasks, on runs, and on the board itself. */
export type Commands = ReturnType<typeof createCommands>;

/** The commands, in the name of one caller. */
export function createCommands(session: Session) {
  // Spread into one literal, so many functions take 25 times as long (measured).
  return Object.assign(
    createTaskCommands(session),
    createRunCommands(session),
    createBoardCommands(session),
    {
      /** Finishes what somebody else began, on a log that is not atomic; as often as one likes. */
      mend: (end: LooseEnd, found: Found) => mend(session, end, found),
    },
  );
}
