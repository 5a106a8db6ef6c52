/** Folds events into `board`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type BoardEvent, boardEvents } from '../../src/domain/board/events.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
import { prepareSave } from '../columns.ts';
import type { Folding, Projection } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareBoardQueries } from './queries.ts';
import { type BoardRow, boardColumns, evolveBoardRow } from './row.ts';

/** The table `board`, of one row. */
export const board: Projection = {
  table: 'board',
  key: 'only',
  version: 1,
  shape: readFileSync(new URL('./board.sql', import.meta.url), 'utf8'),
  open: openBoard,
};

function openBoard(db: Database.Database): Folding {
  const rows = createRowCache<BoardRow>({
    load: prepareBoardQueries(db).board,
    save: prepareSave(db, 'board', boardColumns),
  });
  return {
    fold({ event }) {
      if (isBoardEvent(event)) rows.put('board', evolveBoardRow(rows.get('board'), event));
    },
    flush: rows.flush,
    forget: rows.forget,
  };
}

function isBoardEvent(event: Recorded): event is Recorded<BoardEvent> {
  return event.type in boardEvents;
}
