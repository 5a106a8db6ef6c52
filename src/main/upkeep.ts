/** Looking after a board's files: verification, rebuilding, backups, leftovers. */
import type { Upkeep } from '../cli/upkeep.ts';
import type { Config } from '../config.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { createAudit } from './audit.ts';
import { openLogFiles, rememberedCluster } from './board-log.ts';
import { createCopies } from './copies.ts';
import { diagnose } from './diagnose.ts';
import type { Machine } from './diagnose-machine.ts';
import { createGc } from './gc.ts';
import type { MachineWithKeys } from './keys.ts';
import { compareTables, rebuildKeyframes, rebuildTables } from './tables.ts';
import { verifyBoard } from './verify.ts';

/** What upkeep is made of. */
export interface UpkeepParts extends Omit<Machine, 'loadConfig'> {
  /** What logs take from the machine. */
  readonly log: MachineWithKeys;
  readonly programVersion: string;
  /** Reads the configuration; without a file, the one that is found. */
  loadConfig(file: string | undefined): Promise<Config>;
}

/** Looks after boards. */
export function createUpkeep(parts: UpkeepParts): Upkeep {
  const machine = parts.log;
  const { timers } = machine;

  async function withLog<T>(
    directory: string,
    work: (log: SqliteLog) => Promise<T>,
    mode: 'read' | 'write' = 'read',
  ): Promise<T> {
    const log = await openLogFiles(directory, mode, parts);
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  }

  return {
    verify: (directory, wanted, tell) =>
      withLog(directory, (log) => {
        const isOnCluster = rememberedCluster(directory) !== undefined;
        return verifyBoard({ log, timers, path: directory, isOnCluster }, wanted, tell);
      }),
    compareTables: (directory, tell) =>
      withLog(directory, (log) => compareTables({ log, timers, path: directory }, tell)),
    rebuild: (directory, tell) =>
      withLog(directory, (log) => rebuildTables({ log, timers, path: directory }, tell)),
    rebuildKeyframes: (directory, tell) =>
      withLog(directory, (log) => rebuildKeyframes({ log, timers, path: directory }, tell)),
    ...createGc(withLog, machine.newEpoch),
    ...createCopies(machine, withLog),
    copy: async (...wanted) => {
      const { createCopying } = await import('./copy.ts');
      return createCopying(parts).copy(...wanted);
    },
    ...createAudit({ ...parts, withLog }),
    diagnose: (directory, configFile) =>
      diagnose(directory, { ...parts, loadConfig: () => parts.loadConfig(configFile) }),
  };
}
