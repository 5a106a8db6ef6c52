/** Everything one caller may do. */
import { createBoardCommands } from './board-commands.ts';
import { createRunCommands } from './run-commands.ts';
import type { Session } from './session.ts';
import { createTaskCommands } from './task-commands.ts';

/** The commands on tasks, on runs, and on the board itself. */
export type Commands = ReturnType<typeof createCommands>;

/** The commands, in the name of one caller. */
export function createCommands(session: Session) {
  return {
    ...createTaskCommands(session),
    ...createRunCommands(session),
    ...createBoardCommands(session),
  };
}
