/** Reads `links`. */
import type Database from 'better-sqlite3';

/** The tasks that wait for a task, in the order of their ids. */
export function prepareChildIds(db: Database.Database): (parentId: string) => readonly string[] {
  const select = db
    .prepare<[string], string>('SELECT child_id FROM links WHERE parent_id = ? ORDER BY child_id')
    .pluck();
  return (parentId) => select.all(parentId);
}
