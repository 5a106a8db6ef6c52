/** Looking at the past of a log, and what must be seen. */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { createTables, openFold } from '../../../projections/fold.ts';
import { openDraftAt } from '../../../projections/past/chronicle.ts';
import type { Draft, Pace } from '../../../projections/past/draft.ts';
import { createHistoryFiles } from '../../../projections/past/files.ts';
import { folded } from '../../../projections/past/tables.ts';
import { systemTimers } from '../../../src/host/clock.ts';
import { codec } from '../../../src/log/codec.ts';
import { cutLog } from '../../../src/log/cut.ts';
import type { EventLog, Position } from '../../../src/log/event-log.ts';

/** Closer together than on a real board, so that there are many steps and chapters. */
export const pace: Pace = { stepEvents: 100, chapterEvents: 1_000 };

/** Looks at a position, and writes down what it finds in the history of `directory`. */
export function lookAt(directory: string, log: EventLog, position: Position): Promise<Draft> {
  const files = createHistoryFiles(directory);
  const parts = { files, codec, timers: systemTimers, trustFileSystem: false, pace };
  return openDraftAt(position, { ...parts, log: cutLog(log, position) });
}

/** All rows of all tables, as one short text. */
export function digestOf(db: Database.Database): string {
  const hash = createHash('sha256');
  for (const { table, key } of folded) {
    const rows = db.prepare(`SELECT * FROM main.${table} ORDER BY ${key}`).raw();
    for (const row of rows.iterate()) hash.update(JSON.stringify(row));
  }
  return hash.digest('hex');
}

/** What must be seen at a position: the log folded from its beginning. */
export async function digestAt(log: EventLog, position: Position): Promise<string> {
  const db = new Database(':memory:');
  createTables(db, log.epoch, folded);
  const fold = openFold(db, folded);
  for (let after = 0; after < position; after += 1_000) {
    const limit = Math.min(1_000, position - after);
    for (const stored of await log.readAll({ after, limit })) fold.fold(codec.decode(stored));
  }
  fold.flush();
  const digest = digestOf(db);
  db.close();
  return digest;
}
