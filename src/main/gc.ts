/** What `gc` does to a board: leftovers go, beats are thinned out, closed tasks are archived. */
import type { ThinWanted, Upkeep } from '../cli/upkeep.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { archiveLog } from './archive.ts';
import { findLeftovers, removeLeftover } from './leftovers.ts';
import { thinLog } from './thin.ts';

/** Opens the log of a board for some work. */
export type WithLog = <T>(
  directory: string,
  work: (log: SqliteLog) => Promise<T>,
  mode?: 'read' | 'write',
) => Promise<T>;

/** The part of upkeep that makes room. */
export function createGc(
  withLog: WithLog,
  newId: () => string,
): Pick<Upkeep, 'thin' | 'archive' | 'leftovers' | 'remove'> {
  const modeOf = ({ dryRun }: ThinWanted) => (dryRun ? 'read' : 'write');
  return {
    thin: (directory, wanted, tell) =>
      withLog(directory, (log) => thinLog(log, wanted, newId, tell), modeOf(wanted)),
    archive: (directory, wanted, tell) =>
      withLog(directory, (log) => archiveLog(log, wanted, newId, tell), modeOf(wanted)),
    leftovers: findLeftovers,
    remove: removeLeftover,
  };
}
