/** Folds events into `links`. */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { streamId } from '../../src/domain/catalogue.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import type { Folding, Projection, Step } from '../projection.ts';

type LinkEvent = Extract<TaskEvent, { type: 'TaskCreated' | 'ParentAdded' | 'ParentRemoved' }>;

/** The table `links`. */
export const links: Projection<LinkEvent> = {
  table: 'links',
  key: 'parent_id, child_id',
  version: 1,
  shape: readFileSync(new URL('./links.sql', import.meta.url), 'utf8'),
  folds: ['TaskCreated', 'ParentAdded', 'ParentRemoved'],
  open: openLinks,
};

function openLinks(db: Database.Database): Folding<LinkEvent> {
  const insert = db.prepare('INSERT OR IGNORE INTO links (parent_id, child_id) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM links WHERE parent_id = ? AND child_id = ?');

  function fold({ event }: Step<LinkEvent>): void {
    const childId = streamId(event.stream);
    switch (event.type) {
      case 'TaskCreated':
        for (const parentId of event.data.parents ?? []) insert.run(parentId, childId);
        return;
      case 'ParentAdded':
        insert.run(event.data.parentId, childId);
        return;
      case 'ParentRemoved':
        remove.run(event.data.parentId, childId);
    }
  }

  return { fold };
}
