/** The real parts, opened the way the program opens them, for benchmarks to hold. */
import { openProjections } from '../../projections/run.ts';
import { type Board, createBoard } from '../../src/app/board.ts';
import { derivedTaskId } from '../../src/app/derived-id.ts';
import type { Caller } from '../../src/app/plan.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { createIds, randomBytes } from '../../src/host/ids.ts';
import { type OpenOptions, openLog } from '../disk/open-log.ts';

/** Ids as the program makes them. */
export const ids = createIds({ clock: systemClock, randomBytes });

/** Who the benchmarks act as. */
export const caller: Caller = { actor: { kind: 'system', id: 'bench' }, surface: 'sdk' };

/** Opens the board of a directory. */
export async function openBenchBoard(directory: string, options: OpenOptions = {}): Promise<Board> {
  const log = await openLog(directory, options);
  const projections = await openProjections({ log, path: directory, timers: systemTimers });
  return createBoard({
    log,
    projections,
    clock: systemClock,
    ids: {
      ...ids,
      taskId: (key, round = 0) => (key === undefined ? ids.taskId() : derivedTaskId(key, round)),
    },
  });
}
