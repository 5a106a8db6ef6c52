/** Searching in the past: the texts there were are collected when somebody first asks. */
import type Database from 'better-sqlite3';
import { commentTable } from '../comments/comments.ts';
import { recordOf as runRecordOf, runTable } from '../runs/row.ts';
import { commentDocument, runDocument, taskDocument } from '../search/document.ts';
import type { SearchQueries } from '../search/queries.ts';
import { search as searchProjection, searchTable } from '../search/search.ts';
import { prepareRows, prepareSave, type Table } from '../table.ts';
import { recordOf as taskRecordOf, taskTable } from '../tasks/row.ts';

/** Rows read at a time: few, for all of their texts are read. */
const pageSize = 100;

/** Creates the table to search in, empty, where it is seen before that of the present. */
export function createPastSearch(db: Database.Database): void {
  db.exec(searchProjection.shape.replace('TABLE search', 'TABLE temp.search'));
}

/** Searches after the texts have been collected. */
export function searchLate(
  db: Database.Database,
  search: SearchQueries['search'],
): SearchQueries['search'] {
  let isFilled = false;
  return (...asked) => {
    if (!isFilled) collect(db);
    isFilled = true;
    return search(...asked);
  };
}

function collect(db: Database.Database): void {
  const save = prepareSave(db, searchTable);
  for (const row of all(db, taskTable, 'seq')) save(taskDocument(taskRecordOf(row)));
  for (const row of all(db, runTable, 'seq')) {
    if (row.outcome !== null) save(runDocument(runRecordOf(row)));
  }
  for (const row of all(db, commentTable, 'position')) save(commentDocument(row));
}

/** All rows of a table, a page at a time, in the order of a number that each has alone. */
function* all<Row, Key extends keyof Row & string>(
  db: Database.Database,
  table: Table<Row>,
  key: Key,
): Iterable<Row> {
  const rows = prepareRows(db, table, `WHERE ${key} > ? ORDER BY ${key} LIMIT ${pageSize}`);
  for (let page = rows.all(0); page.length > 0; page = rows.all(page.at(-1)![key])) yield* page;
}
