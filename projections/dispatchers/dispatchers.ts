/** Folds events into `dispatchers`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { dispatcherEvents } from '../../src/domain/dispatcher/events.ts';
import { type Folding, type Projection, typesOf } from '../projection.ts';
import { createRowCache } from '../row-cache.ts';
import { prepareSave } from '../table.ts';
import { prepareDispatcherById } from './queries.ts';
import {
  type DispatcherRow,
  dispatcherOf,
  dispatcherTable,
  evolveDispatcherRow,
  type RowEvent,
} from './row.ts';

/** The table `dispatchers`. */
export const dispatchers: Projection<RowEvent> = {
  table: 'dispatchers',
  key: 'dispatcher_id',
  version: 2,
  shape: readFileSync(new URL('./dispatchers.sql', import.meta.url), 'utf8'),
  folds: [...typesOf(dispatcherEvents), 'PolicyChanged'],
  open: openDispatchers,
};

function openDispatchers(db: Database.Database): Folding<RowEvent> {
  const rows = createRowCache<DispatcherRow>({
    load: prepareDispatcherById(db),
    save: prepareSave(db, dispatcherTable),
  });
  return {
    fold({ event }) {
      const dispatcherId = dispatcherOf(event);
      if (dispatcherId === undefined) return;
      const row = rows.get(dispatcherId);
      // The board takes anybody's word for who a policy is of; that must not stop its tables.
      if (row === undefined && event.type === 'PolicyChanged') return;
      rows.put(dispatcherId, evolveDispatcherRow(row, event));
    },
    flush: rows.flush,
    forget: rows.forget,
  };
}
