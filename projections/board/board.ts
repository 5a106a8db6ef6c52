/** Folds events into `board`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type BoardEvent, boardEvents } from '../../src/domain/board/events.ts';
import type { Recorded } from '../../src/domain/catalogue.ts';
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
  const write = db.prepare(`INSERT OR REPLACE INTO board ${boardColumns.values}`);
  const rows = createRowCache<BoardRow>({
    load: prepareBoardQueries(db).board,
    save: (row) => write.run(boardColumns.bind(row)),
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
