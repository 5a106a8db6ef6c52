/** Folds events into `board`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type BoardEvent, boardEvents } from '../../src/domain/board/events.ts';
import { type Folding, type Projection, typesOf } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareSave } from '../table.ts';
import { prepareBoardQueries } from './queries.ts';
import { type BoardRow, boardTable, evolveBoardRow } from './row.ts';

/** The table `board`, of one row. */
export const board: Projection<BoardEvent> = {
  table: 'board',
  key: 'only',
  version: 1,
  shape: readFileSync(new URL('./board.sql', import.meta.url), 'utf8'),
  folds: typesOf(boardEvents),
  open: openBoard,
};

function openBoard(db: Database.Database): Folding<BoardEvent> {
  const rows = createRowCache<BoardRow>({
    load: prepareBoardQueries(db).board,
    save: prepareSave(db, boardTable),
  });
  return {
    fold({ event }) {
      rows.put('board', evolveBoardRow(rows.get('board'), event));
    },
    flush: rows.flush,
    forget: rows.forget,
  };
}
