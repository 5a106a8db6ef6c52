/** Reads `board`. */
import type Database from 'better-sqlite3';
import { type BoardRow, boardColumns } from './row.ts';

/** Questions about the board as a whole. */
export interface BoardQueries {
  /** Undefined until the board is created. */
  board(): BoardRow | undefined;
}

/** Prepares the questions about the board. */
export function prepareBoardQueries(db: Database.Database): BoardQueries {
  const select = db.prepare<[]>(`SELECT ${boardColumns.list} FROM board`);
  function board(): BoardRow | undefined {
    const found = select.get();
    return found === undefined ? undefined : boardColumns.read(found);
  }
  return { board };
}
