/** Thins logs as `gc` does. */
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import { thinLog } from '../../src/main/thin.ts';
import { realPorts } from '../log/real-ports.ts';

/** Thins every run that has ended before `nowMs`; answers how many beats were taken out. */
export async function thinAll(log: SqliteLog, nowMs: number): Promise<number> {
  const caller = { actor: { kind: 'human', id: 'ada' }, surface: 'cli' } as const;
  const wanted = { endedBeforeMs: nowMs, dryRun: false, caller, nowMs };
  return (await thinLog(log, wanted, realPorts.newEpoch, () => {})).beats;
}
