/**
 * A directory that a board is copied to. The log grows under a name of its own, and gets its real
 * one once it is whole and verified; if there is one already, it is added to.
 */
import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { openDatabase } from '../../sqlite/open.ts';
import type { CopyTarget } from '../copying/copy.ts';
import { targetDiffers } from '../copying/faults.ts';
import { asLogFault } from './condition.ts';
import { createCopyTarget } from './copy-target.ts';
import { formatKnown, openFormat, refuseReplica, tooNew } from './format.ts';
import type { SqliteLogDeps } from './opening.ts';
import { logPlace, refuseLostLog } from './place.ts';

/**
 * Opens a directory for the log of `epoch` to be copied to. Rejects with `LogUnavailable` when
 * there is a log of another one.
 */
export async function openDirectoryTarget(
  directory: string,
  epoch: string,
  deps: SqliteLogDeps,
): Promise<CopyTarget> {
  const place = logPlace(directory);
  refuseLostLog(place, true);
  const isThere = existsSync(place.database);
  const path = isThere ? place.database : `${place.database}.copy`;
  try {
    const open = deps.openDatabase ?? openDatabase;
    const db = open({ path, durability: isThere ? 'full' : 'normal' });
    try {
      // Nobody else may have it open when it gets its name.
      if (!isThere) db.pragma('locking_mode = EXCLUSIVE');
      refuseUnfit(db, { epoch, nowMs: deps.clock.nowMs() });
      return createCopyTarget(db, { path, becomes: isThere ? undefined : place.database }, deps);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw asLogFault(error, `copy to ${directory}`);
  }
}

function refuseUnfit(db: Database.Database, fresh: { epoch: string; nowMs: number }): void {
  const meta = openFormat(db, fresh);
  refuseReplica(db);
  if (meta.minWriter > formatKnown) throw tooNew('write', meta.minWriter);
  if (meta.epoch !== fresh.epoch) throw targetDiffers(db.name, 'it has another epoch');
}
