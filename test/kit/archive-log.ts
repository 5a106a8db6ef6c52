/** Archives logs as `gc --archive` does. */
import type { ArchiveReport } from '../../src/cli/upkeep.ts';
import { codec } from '../../src/log/codec.ts';
import type { Archived, Archiving } from '../../src/log/sqlite/archive.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { archiveLog } from '../../src/main/archive.ts';
import { realPorts } from '../log/real-ports.ts';

/** Archives every task that was touched last before `nowMs`. */
export function archiveAll(log: SqliteLog, nowMs: number, dryRun = false): Promise<ArchiveReport> {
  const caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;
  const wanted = { endedBeforeMs: nowMs, dryRun, caller, nowMs };
  return archiveLog(log, wanted, realPorts.newEpoch, () => {});
}

/** Archives the streams that somebody else says are closed, up to a position. */
export function archiveSome(
  log: SqliteLog,
  upTo: number,
  isClosed: (stream: string) => boolean,
): Promise<Archived> {
  const commandId = 'c';
  const cause = { commandId, $correlationId: commandId, $causationId: commandId };
  const meta = { actor: { kind: 'human', id: 'ada' }, surface: 'cli', ...cause, at: 0 } as const;
  const attest: Archiving['attest'] = (data) =>
    codec.encode(realPorts.newEpoch(), { type: 'LogSegmented', data }, meta);
  return log.archive({ isClosed, upTo, attest, onProgress: () => {} });
}
