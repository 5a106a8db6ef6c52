/** Audit exports: written and signed here, checked here or on another machine. */
import type { Upkeep } from '../cli/upkeep.ts';
import { openAuditKey } from '../host/audit-key.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { checkAudit } from './audit-check.ts';
import { exportAudit } from './audit-export.ts';

/** What is needed to export and to check. */
export interface AuditParts {
  /** Where the key of this user is, or will be. */
  readonly home: string;
  readonly programVersion: string;
  /** Opens the log of a board for reading while something is done. */
  withLog<T>(directory: string, work: (log: SqliteLog) => Promise<T>): Promise<T>;
}

/** The part of upkeep that others can check. */
export function createAudit({
  home,
  programVersion,
  withLog,
}: AuditParts): Pick<Upkeep, 'exportAudit' | 'checkAudit'> {
  return {
    exportAudit: (directory, wanted, tell) =>
      withLog(directory, async (log) => {
        const signing = { key: openAuditKey(home), program: `logboard ${programVersion}` };
        return exportAudit(log, wanted, signing, tell);
      }),
    checkAudit: (file, { key, against }, tell) =>
      against === undefined
        ? checkAudit(file, { key }, tell)
        : withLog(against, (log) => checkAudit(file, { key, log }, tell)),
  };
}
