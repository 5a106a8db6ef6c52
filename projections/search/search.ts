/** Folds events into `search`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { runEvents } from '../../src/domain/run/events.ts';
import { taskEvents } from '../../src/domain/task/events.ts';
import { type Folding, type Projection, typesOf } from '../projection.ts';
import { prepareSave, tableOf } from '../table.ts';
import { documentsOf, type SearchDocument } from './document.ts';

/** The table `search`. Folded after `tasks` and `runs`, whose texts it holds. */
export const search: Projection = {
  table: 'search',
  key: 'rowid',
  version: 1,
  shape: readFileSync(new URL('./search.sql', import.meta.url), 'utf8'),
  folds: [...typesOf(taskEvents), ...typesOf(runEvents), 'CommentAdded'],
  open: openSearch,
  bareShape: 'CREATE TABLE search (title, body, comment, summary, task_id)',
};

/** Every part of a document and its column. */
export const searchTable = tableOf<SearchDocument>('search', {
  rowid: 'plain',
  taskId: 'plain',
  title: 'plain',
  body: 'plain',
  comment: 'plain',
  summary: 'plain',
});

function openSearch(db: Database.Database): Folding {
  const save = prepareSave(db, searchTable);
  // Held back, since a document that changes twice would be taken out of the index in between.
  const unsaved = new Map<number, SearchDocument>();

  return {
    fold(step) {
      for (const document of documentsOf(step)) unsaved.set(document.rowid, document);
    },
    flush() {
      for (const document of unsaved.values()) save(document);
      unsaved.clear();
    },
    forget: () => unsaved.clear(),
  };
}
