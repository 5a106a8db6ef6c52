/**
 * Tables that begin at a position of the past and step on from there: copied from what was written
 * down of it, where that helps, or else folded from the beginning.
 */
import Database from 'better-sqlite3';
import { cutLog } from '../../src/log/cut.ts';
import type { EventLog, Position } from '../../src/log/event-log.ts';
import { isStorageFault } from '../../src/sqlite/faults.ts';
import { type BuildParts, createUnindexed, type Progress } from '../build.ts';
import { columnNames } from '../compare.ts';
import { createTableFiles } from '../file.ts';
import { openSteppingTables, type SteppingTables, stepThrough } from '../stepping.ts';
import { openDraftAt, paceDefault } from './chronicle.ts';
import { createHistoryFiles } from './files.ts';
import { searchLate } from './search.ts';
import { borrowed, folded } from './tables.ts';

/** Where the tables of the present are, and what it takes to fold those of the past. */
export interface PastParts extends Omit<BuildParts, 'log'> {
  /** The directory of the board; its tables reach every position that is asked for. */
  readonly directory: string;
}

/**
 * The tables at a position, in memory: no file is held, however long somebody steps. Rejects like
 * a build of tables.
 */
export async function openSteppingPast(
  log: EventLog,
  upTo: Position,
  parts: PastParts,
  onProgress: (progress: Progress) => void = () => {},
): Promise<SteppingTables> {
  const byFold = () => openSteppingTables({ ...parts, log }, upTo, { onProgress });
  // So near the beginning nothing is ever written down.
  if (upTo < paceDefault.stepEvents) return byFold();
  const db = new Database(':memory:');
  try {
    await copyPast(db, { log, upTo }, parts, onProgress);
    const { queries, ...tables } = stepThrough(db);
    return { ...tables, queries: { ...queries, search: searchLate(db, queries.search) } };
  } catch (error) {
    db.close();
    // What was written down is a help, and nothing more.
    if (!isStorageFault(error)) throw error;
    return byFold();
  }
}

interface Past {
  readonly log: EventLog;
  readonly upTo: Position;
}

async function copyPast(
  db: Database.Database,
  { log, upTo }: Past,
  parts: PastParts,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const addIndexes = createUnindexed(db, log.epoch);
  const files = createHistoryFiles(parts.directory);
  const draft = await openDraftAt(upTo, { ...parts, log: cutLog(log, upTo), files }, onProgress);
  try {
    copyFolded(db, draft.db);
  } finally {
    draft.close();
  }
  copyBorrowed(db, upTo, parts);
  addIndexes();
}

/** Row by row: what a draft has not committed is seen by nobody else. */
function copyFolded(db: Database.Database, draft: Database.Database): void {
  db.exec('BEGIN');
  for (const { table } of folded) {
    const columns = columnNames(db, table);
    const marks = columns.map(() => '?').join(', ');
    const names = columns.join(', ');
    const insert = db.prepare(`INSERT INTO ${table} (${names}) VALUES (${marks})`);
    const rows = draft.prepare<[], unknown[]>(`SELECT ${names} FROM main.${table}`).raw();
    for (const row of rows.iterate()) insert.run(...row);
  }
  db.exec('COMMIT');
}

function copyBorrowed(db: Database.Database, upTo: Position, { directory }: PastParts): void {
  db.prepare('ATTACH ? AS present').run(createTableFiles(directory).current());
  for (const { table } of borrowed) {
    const columns = columnNames(db, table).join(', ');
    db.prepare(
      `INSERT INTO main.${table} (${columns})
       SELECT ${columns} FROM present.${table} WHERE position <= ? ORDER BY position`,
    ).run(upTo);
  }
  db.exec('DETACH present');
}
