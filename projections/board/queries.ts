/** Reads `board`. */
import type Database from 'better-sqlite3';
import { prepareRows } from '../table.ts';
import { type BoardRow, boardTable } from './row.ts';

/** Questions about the board as a whole. */
export interface BoardQueries {
  /** Undefined until the board is created. */
  board(): BoardRow | undefined;
}

/** Prepares the questions about the board. */
export function prepareBoardQueries(db: Database.Database): BoardQueries {
  const rows = prepareRows(db, boardTable, '');
  return { board: () => rows.one() };
}
