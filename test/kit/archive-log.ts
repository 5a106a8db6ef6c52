/** Archives logs as `gc --archive` does. */
import type { ArchiveReport } from '../../src/cli/upkeep.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { archiveLog } from '../../src/main/archive.ts';
import { realPorts } from '../log/real-ports.ts';

/** Archives every task that was touched last before `nowMs`. */
export function archiveAll(log: SqliteLog, nowMs: number, dryRun = false): Promise<ArchiveReport> {
  const caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;
  const wanted = { endedBeforeMs: nowMs, dryRun, caller, nowMs };
  return archiveLog(log, wanted, realPorts.newEpoch, () => {});
}
